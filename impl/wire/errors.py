"""The one error of every decoder."""


class DecodeError(ValueError):
    """Bytes from outside are not what they claim to be: `what` is wrong, and `where` (message or field)."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what = what
        self.where = where

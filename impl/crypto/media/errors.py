"""How the opening of a media file fails."""

from typing import Literal

Check = Literal["size", "enc_sha256", "ciphertext", "mac", "sidecar", "padding", "sha256", "length"]


class MediaError(ValueError):
    """A file is not what its message announced; `check` names the first comparison that failed."""

    def __init__(self, check: Check) -> None:
        super().__init__(f"media refused by {check}")
        self.check = check

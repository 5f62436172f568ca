"""What somebody who runs or asks a server can mend; each message is a sentence that says how."""


class ServeError(Exception):
    """The base of the others."""


class Unable(ServeError):
    """What was asked of a resident cannot be done."""


class NobodyThere(ServeError):
    """No server runs where one was sought."""


class Unseen(ServeError):
    """There is no QR to be seen."""


class TranscriptError(ServeError):
    """A file that is no transcript."""

"""What goes wrong with a peer: one line that says what to do, or what the peer did."""


class PeerError(Exception):
    """Any of these."""


class NotInstalled(PeerError):
    """There is no environment for it, and this is what to do."""


class Refused(PeerError):
    """The peer raised an error of its own: what a call with this input comes to."""


class Hung(PeerError):
    """It did not answer in its time, and was ended."""


class Ended(PeerError):
    """Its process is gone."""

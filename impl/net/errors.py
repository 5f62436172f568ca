"""What keeps two sides from talking. Each message is a sentence for whoever runs the program."""


class NetError(Exception):
    """The base of the others."""


class NotLoopback(NetError):
    """Somebody wants to leave this machine."""


class PortInUse(NetError):
    """Another program listens there."""


class LinkLost(NetError):
    """A link breaks, or was never there."""

"""What keeps two sides from talking. Each message is a sentence for whoever runs the program."""


class NetError(Exception):
    """The base of the others."""


class NotLoopback(NetError):
    """Somebody wants to leave this machine."""


class PortInUse(NetError):
    """A port is not to be had: another program listens there, or the system keeps it."""


class LinkLost(NetError):
    """A link breaks, or was never there."""

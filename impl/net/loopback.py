"""Nothing here ever leaves this machine: no name is looked up, no other host is contacted or served."""

from yarl import URL

from impl.net.errors import NotLoopback

HOST = "127.0.0.1"

_NAMES = {HOST, "localhost"}


def loopback(url: str, *schemes: str) -> URL:
    """The URL, at the loopback address. Raises NotLoopback, also for another scheme than these."""
    try:
        parsed = URL(url)
        host = parsed.host
    except ValueError as error:
        raise NotLoopback(f"{url!r} is no URL") from error
    if host not in _NAMES or parsed.scheme not in schemes:
        raise NotLoopback(f"only {' and '.join(schemes)} to {HOST} are allowed, not {url!r}")
    return parsed.with_host(HOST)

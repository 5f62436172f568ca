"""`python -m impl.foreign install [NAME ...]`: the environments of the peers, a line each.

Exit code 1 if one could not be made; what it is for is then not checked.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from impl.foreign.environment import PEERS
from impl.foreign.errors import NotInstalled

AT_A_TIME = 2


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m impl.foreign", description=__doc__, allow_abbrev=False)
    parser.add_argument("verb", choices=["install"])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PEERS)}; all if none is given")
    asked = parser.parse_args(arguments)
    for name in asked.names:
        if name not in PEERS:
            parser.error(f"no peer is called {name!r}; there are {', '.join(PEERS)}")
    whole = True
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        for name, failure in threads.map(installed, asked.names or PEERS):
            whole = whole and failure is None
            told = ", ".join(f"{package} {version}" for package, version in PEERS[name].versions.items())
            print(failure or f"{name}: {told}", file=sys.stderr if failure else sys.stdout, flush=True)
    return 0 if whole else 1


def installed(name: str) -> tuple[str, NotInstalled | None]:
    """The name, and what kept the peer from being installed."""
    try:
        PEERS[name].install()
    except NotInstalled as error:
        return name, error
    return name, None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

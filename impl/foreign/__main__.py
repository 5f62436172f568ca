"""`python -m impl.foreign install [NAME ...]`: the environments of the peers, a line each.

Exit code 1 if one could not be made; what it is for is then not checked.
"""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from impl.foreign.environment import PEERS, Peer
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
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        done = list(threads.map(installed, [PEERS[name] for name in asked.names or PEERS]))
    return 0 if all(done) else 1


def installed(peer: Peer) -> bool:
    """Whether it is, told in a line."""
    try:
        peer.install()
    except NotInstalled as error:
        print(error, file=sys.stderr, flush=True)
        return False
    print(f"{peer.name}: {', '.join(f'{package} {version}' for package, version in peer.versions.items())}", flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

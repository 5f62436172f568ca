"""Every figure that the documentation quotes: `python -m benchmarks`, or `python -m benchmarks prove` for one."""

from __future__ import annotations

import pkgutil
import platform
import sys
from importlib import import_module

import benchmarks

MODULES = [module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name != "__main__"]


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, all if none is given; 2 for a name that is none."""
    if unknown := [name for name in names if name not in MODULES]:
        print(f"no benchmark is called {unknown[0]!r}; there are {', '.join(MODULES)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()} on {platform.machine()}")
    for name in names or MODULES:
        print(f"\n{name}", flush=True)
        import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Where peers are installed, and from what: locked versions with their hashes, an environment each.

An environment is `.peers/NAME` beside the tree, never inside what is tracked: a virtual environment, or a folder with
`node_modules` and a link to this package, so that what drives the peer is found from there. A stamp in it names the
lock that it was made from, so that installing again is instant.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from impl.foreign.errors import NotInstalled

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ENVIRONMENTS = ROOT / ".peers"
TIME = 300.0
"""Seconds that one installation may take."""


@dataclass(frozen=True)
class Peer(ABC):
    """One implementation, or a few of one author, by the name of its folder."""

    name: str

    @property
    def folder(self) -> Path:
        """What is tracked: its lock, and what drives it."""
        return HERE / self.name

    @property
    def environment(self) -> Path:
        return ENVIRONMENTS / self.name

    @property
    @abstractmethod
    def lock(self) -> Path: ...

    @property
    @abstractmethod
    def versions(self) -> dict[str, str]:
        """The packages that were asked for."""

    @abstractmethod
    def command(self, module: str) -> list[str]:
        """What starts the file of this stem in its folder. Raises NotInstalled."""

    @abstractmethod
    def _install(self) -> None: ...

    def ready(self) -> bool:
        stamp = self.environment / "stamp"
        return stamp.is_file() and stamp.read_text(encoding="utf-8") == self._stamp()

    def needed(self) -> None:
        """Raises NotInstalled unless it is ready."""
        if not self.ready():
            raise NotInstalled(f"{self.name} is not installed: python -m impl.foreign install {self.name}")

    def install(self) -> None:
        """Makes the environment anew unless it is of this lock already. Raises NotInstalled with what to do."""
        if self.ready():
            return
        shutil.rmtree(self.environment, ignore_errors=True)
        self.environment.mkdir(parents=True)
        self._install()
        (self.environment / "stamp").write_text(self._stamp(), encoding="utf-8")

    def _stamp(self) -> str:
        # an environment names the place where it was made, and the Python that made it
        made = f"{self.environment} {sys.version_info[:2]} {sys.platform}\n"
        return hashlib.sha256(made.encode() + self.lock.read_bytes()).hexdigest()

    def _run(self, *command: str, missing: str) -> None:
        """Raises NotInstalled: with `missing` if there is no such program, else with its last words."""
        try:
            done = subprocess.run(
                command, cwd=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIME
            )
        except FileNotFoundError as error:
            raise NotInstalled(f"{self.name} cannot be installed: {missing}") from error
        except subprocess.TimeoutExpired as error:
            raise NotInstalled(f"{self.name} was not installed within {TIME:.0f} s: try again") from error
        if done.returncode:
            said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
            raise NotInstalled(f"{self.name} was not installed: {' '.join(command[:3])}: {_worst(said)}")


class NodePeer(Peer):
    """Packages of npm, with `package.json` and `package-lock.json`."""

    MISSING = "there is no npm: install Node.js 20 or newer (Debian: apt-get install nodejs npm)"

    @property
    def lock(self) -> Path:
        return self.folder / "package-lock.json"

    @property
    def versions(self) -> dict[str, str]:
        return dict(json.loads((self.folder / "package.json").read_text(encoding="utf-8"))["dependencies"])

    def command(self, module: str) -> list[str]:
        self.needed()
        node = shutil.which("node")
        if node is None:
            raise NotInstalled(f"{self.name} cannot run: {self.MISSING}")
        # with its links kept, what the file imports is looked for in the environment
        script = self.environment / "foreign" / self.name / f"{module}.mjs"
        return [node, "--preserve-symlinks", "--preserve-symlinks-main", str(script)]

    def _install(self) -> None:
        for file in ("package.json", "package-lock.json"):
            shutil.copy(self.folder / file, self.environment)
        (self.environment / "foreign").symlink_to(HERE)
        # no script of a package runs: everything needed is in the packages
        self._run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", missing=self.MISSING)


class PythonPeer(Peer):
    """Packages of PyPI, with `requirements.in` and hashes in `requirements.txt`."""

    @property
    def lock(self) -> Path:
        return self.folder / "requirements.txt"

    @property
    def versions(self) -> dict[str, str]:
        asked = (self.folder / "requirements.in").read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==(\S+)", asked, re.MULTILINE))

    def command(self, module: str) -> list[str]:
        self.needed()
        return [str(self.environment / "bin" / "python"), "-m", f"impl.foreign.{self.name}.{module}"]

    def _install(self) -> None:
        self._run(sys.executable, "-m", "venv", ".", missing="this Python cannot be started again")
        pip = (str(self.environment / "bin" / "python"), "-m", "pip")
        self._run(*pip, "install", "--quiet", "--require-hashes", "-r", str(self.lock), missing="there is no pip")


def _worst(said: list[str]) -> str:
    """The line that says most: the first of an error, else the last."""
    errors = [line for line in said if "error" in line.lower()]
    return (errors or said[-1:] or ["no reason was given"])[0][:200]


PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        NodePeer("baileys"),
        NodePeer("libsignal"),
        NodePeer("libsignal_js"),
        PythonPeer("pyaileys"),
        PythonPeer("pywhats"),
        PythonPeer("signal_python"),
        PythonPeer("waeys"),
    )
}
"""Every peer by its name."""

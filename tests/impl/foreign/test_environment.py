"""Locks and what is made of them, without any registry."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from impl.foreign import environment
from impl.foreign.__main__ import main
from impl.foreign.environment import PEERS, NodePeer, Peer, PythonPeer
from impl.foreign.errors import NotInstalled

EACH = pytest.mark.parametrize("peer", PEERS.values(), ids=PEERS)


@EACH
def test_every_package_is_pinned_and_hashed(peer: Peer) -> None:
    assert peer.versions
    text = peer.lock.read_text(encoding="utf-8")
    if isinstance(peer, NodePeer):
        packages = json.loads(text)["packages"]
        assert packages.pop("")["dependencies"] == peer.versions
        assert all(re.fullmatch(r"[\d.]+(-\w+)?", version) for version in peer.versions.values())
        assert [name for name, package in packages.items() if "integrity" not in package] == []
    else:
        pins = re.split(r"\n(?=\S)", text)
        assert {f"{name}=={version}" for name, version in peer.versions.items()} <= {pin.split()[0] for pin in pins}
        assert [pin for pin in pins if "--hash=sha256:" not in pin] == []


@EACH
def test_no_lock_says_where_from(peer: Peer) -> None:
    text = peer.lock.read_text(encoding="utf-8")
    assert '"resolved"' not in text if isinstance(peer, NodePeer) else "://" not in text


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of its own for locks and environments."""
    monkeypatch.setattr(environment, "HERE", tmp_path / "foreign")
    monkeypatch.setattr(environment, "ENVIRONMENTS", tmp_path / "environments")
    for name, file in (("node", "package-lock.json"), ("snake", "requirements.txt")):
        (tmp_path / "foreign" / name).mkdir(parents=True)
        (tmp_path / "foreign" / name / file).write_text("{}" if name == "node" else "")
    (tmp_path / "foreign" / "node" / "package.json").write_text("{}")
    return tmp_path


def test_an_environment_is_made_once_for_a_lock(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[tuple[str, ...]] = []
    monkeypatch.setattr(Peer, "_run", lambda self, *command, missing: runs.append(command))
    peer = PythonPeer("snake")
    assert not peer.ready()
    peer.install()
    peer.install()
    assert peer.ready() and len(runs) == 2
    peer.lock.write_text("another==1")
    assert not peer.ready()
    peer.install()
    assert peer.ready() and len(runs) == 4


def test_what_is_not_installed_says_so(elsewhere: Path) -> None:
    with pytest.raises(NotInstalled, match=r"snake is not installed: python -m impl\.foreign install snake"):
        PythonPeer("snake").command("shim")


def test_without_npm_a_line_says_what_to_do(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(elsewhere))
    with pytest.raises(NotInstalled, match=r"node cannot be installed: there is no npm: install Node\.js"):
        NodePeer("node").install()
    assert not NodePeer("node").ready()


def test_a_package_whose_hash_is_another_is_not_installed(elsewhere: Path) -> None:
    wheel = elsewhere / "odd-1-py3-none-any.whl"
    wheel.write_bytes(b"no wheel")
    (elsewhere / "foreign" / "snake" / "requirements.txt").write_text(f"{wheel.as_uri()} --hash=sha256:{'0' * 64}\n")
    with pytest.raises(NotInstalled, match=r"snake was not installed: .*ERROR: THESE PACKAGES DO NOT MATCH THE HASHES"):
        PythonPeer("snake").install()
    assert not PythonPeer("snake").ready()


def test_a_name_that_is_no_peer_is_answered_with_those_there_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "impl.foreign", "install", "nobody"],
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "no peer is called 'nobody'; there are baileys, " in done.stderr


def test_what_cannot_be_installed_is_one_line_and_the_others_go_on(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(elsewhere))
    for name, peer in (("node", NodePeer("node")), ("snake", PythonPeer("snake"))):
        monkeypatch.setitem(PEERS, name, peer)
    (elsewhere / "foreign" / "node" / "package.json").write_text('{"dependencies": {"viper": "1"}}')
    (elsewhere / "foreign" / "snake" / "requirements.in").write_text("adder==2\n")
    monkeypatch.setattr(PythonPeer, "_install", lambda self: None)
    assert main(["install", "node", "snake"]) == 1
    said = capsys.readouterr()
    assert said.out == "snake: adder 2\n"
    assert said.err.startswith("node cannot be installed: there is no npm: ") and said.err.count("\n") == 1

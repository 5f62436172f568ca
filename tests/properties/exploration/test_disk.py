"""States on disk: the counts and traces of a search in memory, also when it is killed in the middle."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from model.adversary import against
from model.language import ModelError
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.exploration import disk, search
from properties.exploration.disk import question_in
from properties.exploration.explore import Exploration, ScopeTooLarge, explore
from tests.properties.counting import counted_up_to_the_way

CLAIMS = [CATALOGUE[id] for id in ("L4", "D2", "F5")]
COMPANIONS = "users=1,devices=3,lists=1,messages=0"
LARGE = "users=2,devices=6,lists=4,messages=4,rogues=1"
LITTLE = 1 << 20  # bytes: boxes are full all the time


@pytest.fixture(autouse=True)
def few_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(disk, "BUCKETS", 8)
    yield


def searched(folder: Path | None = None, name: str = "tiny", **options: Any) -> Exploration:
    """An exploration with little memory, all in memory if no folder is given."""
    memory = {"memory_bytes": LITTLE, "disk": folder} if folder else {}
    return explore(MULTI_DEVICE, scope(name), CLAIMS, **memory, **options)


@pytest.mark.parametrize(("name", "symmetric"), [("tiny", False), (COMPANIONS, True)])
def test_counts_are_those_of_a_search_in_memory(name: str, symmetric: bool, tmp_path: Path) -> None:
    there = searched(tmp_path, name, symmetric=symmetric)
    assert counted_up_to_the_way(there) == counted_up_to_the_way(searched(None, name, symmetric=symmetric))
    assert there.complete
    assert sum(p.stat().st_size for p in tmp_path.glob("*.states")) == there.states * 8


def test_counterexamples_are_as_short_and_the_same_for_any_number_of_threads(tmp_path: Path) -> None:
    dropped = [("linking.confirm", "account_signature")]
    one, two = (searched(tmp_path / str(n), without=dropped, threads=n) for n in (1, 2))
    assert one.counterexamples and one.counterexamples == two.counterexamples
    assert counted_up_to_the_way(one) == counted_up_to_the_way(searched(without=dropped))


class Killed(NamedTuple):
    """A folder with a search that was killed at some depth."""

    folder: Path
    dropped: list[tuple[str, str]]


KILLED = """
import os, signal, sys
from pathlib import Path
from model.scope import scope
from model.systems import MULTI_DEVICE
from properties.exploration import disk
from properties.exploration import search
from properties.catalogue import CATALOGUE
from properties.exploration.explore import explore

disk.BUCKETS, disk.CHECKPOINT, search.PAUSE = 8, 0, 0
claims = [CATALOGUE[id] for id in ("L4", "D2", "F5")]

def progress(now):
    if now.depth == 9:
        os.kill(os.getpid(), signal.SIGKILL)

explore(
    MULTI_DEVICE, scope("tiny"), claims, disk=Path(sys.argv[1]), memory_bytes=1 << 20, progress=progress,
    without=[("devicelist.show", "not_older")], stop_at_first=False,
)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    folder = tmp_path_factory.mktemp("killed")
    ended = subprocess.run([sys.executable, "-c", KILLED, folder], check=False, cwd=Path(__file__).parents[3])
    assert ended.returncode == -9
    return Killed(folder, [("devicelist.show", "not_older")])


def test_a_search_that_was_killed_is_resumed_and_counts_the_same(killed: Killed, tmp_path: Path) -> None:
    folder = shutil.copytree(killed.folder, tmp_path / "copy")
    saved = json.loads((folder / disk.FILE).read_text())
    assert 0 < sum(saved["done"]) < 13_000 and saved["found"], "it was in the middle, and past a counterexample"
    with (folder / "003.states").open("ab") as file:
        file.write(b"what was written after the last checkpoint")
    options = {"without": killed.dropped, "stop_at_first": False}
    resumed = searched(folder, resume=True, threads=1, **options)
    assert counted_up_to_the_way(resumed) == counted_up_to_the_way(searched(**options))
    again = searched(folder, resume=True, **options)
    assert counted_up_to_the_way(again) == counted_up_to_the_way(resumed), "what is complete is told again"


def test_a_search_that_is_interrupted_at_once_can_be_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAUSE", 0)

    def interrupt(progress: search.Progress) -> None:
        raise KeyboardInterrupt

    begun = searched(tmp_path, progress=interrupt)
    assert not begun.complete
    resumed = searched(tmp_path, resume=True)
    assert resumed.complete and counted_up_to_the_way(resumed) == counted_up_to_the_way(searched())


def test_a_search_is_resumed_as_it_began(killed: Killed) -> None:
    with pytest.raises(ModelError, match=r"is about something else; a search is resumed as it began"):
        searched(killed.folder, resume=True)
    assert question_in(killed.folder)["claims"] == [claim.name for claim in CLAIMS]


def test_what_is_there_is_not_written_over(killed: Killed, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds a search already; go on with it by --resume"):
        searched(killed.folder)
    with pytest.raises(ModelError, match=r"holds no search to resume; begin one with --disk"):
        searched(tmp_path, resume=True)


def test_a_damaged_folder_is_refused(killed: Killed, tmp_path: Path) -> None:
    folder = shutil.copytree(killed.folder, tmp_path / "copy")
    (folder / "002.states").write_bytes(b"")
    with pytest.raises(ModelError, match=r"002\.states lacks states; begin the search anew"):
        searched(folder, without=killed.dropped, resume=True)
    (folder / disk.FILE).write_text("{")
    with pytest.raises(ModelError, match=r"checkpoint\.json is damaged"):
        question_in(folder)
    (folder / disk.FILE).write_text('{"pentad": 1}')
    with pytest.raises(ModelError, match=r"written by another version"):
        question_in(folder)


def test_what_a_disk_cannot_hold_is_refused_before_it_begins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    with pytest.raises(ScopeTooLarge, match=r"does not fit in 1 MiB in .*: likely more than .* states"):
        explore(MULTI_DEVICE, scope(LARGE), disk=tmp_path, memory_bytes=1 << 24)


def test_a_disk_that_fills_up_is_told_while_what_there_is_can_be_resumed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(disk, "CHECKPOINT", 0)
    monkeypatch.setattr("properties.exploration.explore.too_many", lambda *_: None)
    with monkeypatch.context() as small:
        usage = shutil.disk_usage(tmp_path)
        small.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1 << 14))
        with pytest.raises(ScopeTooLarge, match=r"states so far, at depth \d+; make room there.*--resume"):
            searched(tmp_path)
    resumed = searched(tmp_path, resume=True)
    assert counted_up_to_the_way(resumed) == counted_up_to_the_way(searched())


def test_a_search_is_resumed_against_whom_it_began(tmp_path: Path) -> None:
    options: dict[str, Any] = {"memory_bytes": LITTLE, "disk": tmp_path}
    begun = explore(against("C"), scope("tiny"), CLAIMS, **options)
    assert question_in(tmp_path)["adversary"] == "C" and "adversary" not in searched_for(tmp_path / "all")
    assert begun.states < searched().states
    with pytest.raises(ModelError, match=r"is about something else; a search is resumed as it began"):
        searched(tmp_path, resume=True)
    again = explore(against("C"), scope("tiny"), CLAIMS, resume=True, **options)
    assert counted_up_to_the_way(again) == counted_up_to_the_way(begun)


def searched_for(folder: Path) -> disk.Question:
    searched(folder)
    return question_in(folder)

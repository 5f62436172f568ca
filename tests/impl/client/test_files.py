"""Files on disk: attached from there and fetched to there, in pieces, and kept where the user has them."""

from __future__ import annotations

import shutil
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from impl.client import Client, drive
from impl.dialogue import DeleteBlob, Done, Download, DownloadFile, Flow, Request, Upload, UploadFile, ask
from impl.refusal import Refused
from impl.wire.content import Revoke
from tests.impl.client.street import PHOTO, Street, key_of, medium_of

MIB = 1 << 20


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(PHOTO)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where others put what they fetch."""
    path = tmp_path / "fetched"
    path.mkdir()
    return path


def show(street: Street, client: Client, file: Path, chat: str = "bob") -> str:
    message_id = street.network.run(client, client.attach(chat, file, "image", "image/png", "look"))
    street.network.settle()
    return message_id


def fetch_to(street: Street, client: Client, message_id: str, place: Path) -> None:
    street.network.run(client, client.fetch_to(key_of(client, message_id), place))


def test_a_file_gets_from_disk_to_disk(street: Street, photo: Path, folder: Path) -> None:
    message_id = show(street, street.desktop, photo)
    for number, client in enumerate(street.everybody):
        place = folder / str(number)
        fetch_to(street, client, message_id, place)
        assert place.read_bytes() == PHOTO
        assert not client.device.files and client.refusals == []
    assert len(list(folder.iterdir())) == len(street.everybody)
    assert photo.read_bytes() == PHOTO


def test_what_came_from_disk_is_fetched_as_anything_else(street: Street, photo: Path) -> None:
    message_id = show(street, street.desktop, photo)
    assert street.network.run(street.bob, street.bob.fetch(key_of(street.bob, message_id))) == PHOTO


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_of_a_changed_file_nothing_appears(street: Street, photo: Path, folder: Path, place: int) -> None:
    message_id = show(street, street.alice, photo)
    path = medium_of(street.bob, message_id).path
    blob = bytearray(street.network.run(street.bob, ask(Download(path))))
    blob[place] ^= 1
    street.network.run(street.bob, ask(Upload(path, bytes(blob))))
    with pytest.raises(Refused, match="file_intact"):
        fetch_to(street, street.bob, message_id, folder / "photo.png")
    assert not list(folder.iterdir()) and not street.bob.device.places


def test_what_is_to_be_viewed_once_goes_into_no_file(street: Street, photo: Path, folder: Path) -> None:
    attach = street.alice.attach("bob", photo, "image", "image/png", view_once=True)
    message_id = street.network.run(street.alice, attach)
    street.network.settle()
    with pytest.raises(Refused, match="view_once"):
        fetch_to(street, street.bob, message_id, folder / "photo.png")
    assert not list(folder.iterdir())


def lost(street: Street, client: Client, message_id: str) -> None:
    street.network.run(client, ask(DeleteBlob(medium_of(client, message_id).path)))


@pytest.mark.parametrize("fetched", [False, True])
def test_the_phone_uploads_again_from_disk(street: Street, photo: Path, folder: Path, fetched: bool) -> None:
    """What it sent itself, and what it has put there."""
    message_id = show(street, street.bob if fetched else street.alice, photo, "alice" if fetched else "bob")
    if fetched:
        fetch_to(street, street.alice, message_id, folder / "of the phone")
    lost(street, street.desktop, message_id)
    with pytest.raises(Refused, match="gone"):
        fetch_to(street, street.desktop, message_id, folder / "of the desktop")
    street.network.settle()
    fetch_to(street, street.desktop, message_id, folder / "of the desktop")
    assert (folder / "of the desktop").read_bytes() == PHOTO
    assert street.alice.refusals == []


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"another picture")])
def test_what_is_on_disk_no_longer_stays_lost(street: Street, photo: Path, change: Callable[[Path], Any]) -> None:
    message_id = show(street, street.alice, photo)
    lost(street, street.desktop, message_id)
    change(photo)
    with pytest.raises(Refused, match="gone"):
        street.fetch(street.desktop, message_id)
    street.network.settle()
    assert not street.server.blobs.files and not street.desktop.device.retries
    assert street.alice.refusals == street.desktop.refusals == []


def test_a_deleted_message_leaves_the_file_to_its_owner(street: Street, photo: Path) -> None:
    message_id = show(street, street.alice, photo)
    assert street.alice.device.places
    street.network.run(street.alice, street.alice.send("bob", Revoke("bob", True, message_id)))
    assert not street.alice.device.places and photo.exists()


def test_a_file_that_is_not_there_sends_nothing(street: Street, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        show(street, street.alice, tmp_path / "nothing")
    assert not street.alice.device.conversation and not street.server.blobs.files


def test_a_large_file_takes_little_memory(street: Street, tmp_path: Path) -> None:
    large, server, place = tmp_path / "large", tmp_path / "server", tmp_path / "place"
    with large.open("wb") as file:
        for number in range(16):
            file.write(bytes([number]) * MIB)

    def run(client: Client, flow: Flow[Any]) -> tuple[Any, int]:
        """What the flow says, and how many bytes it had at a time; the server has a disk."""

        def answer(request: Request[Any]) -> Any:
            match request:
                case UploadFile(_, path):
                    shutil.copyfile(path, server)
                case DownloadFile(_, path):
                    shutil.copyfile(server, path)
                case _:
                    return street.network.answer(client.name, request)
            return Done()

        tracemalloc.start()
        result = drive(flow, answer)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return result, peak

    message_id, attaching = run(street.alice, street.alice.attach("bob", large, "video", "video/mp4"))
    street.network.settle()
    _, fetching = run(street.bob, street.bob.fetch_to(key_of(street.bob, message_id), place))
    assert place.stat().st_size == 16 * MIB
    assert max(attaching, fetching) < 2 * MIB

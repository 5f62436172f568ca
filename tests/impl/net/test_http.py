"""Files, backups and registrations, from the client's call to what the server keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pytest

from impl.dialogue import Declined
from impl.net import answers
from impl.net import files as net_files
from impl.net.endpoint import Endpoint
from impl.net.errors import LinkLost
from impl.net.files import backup_routes, file_routes
from impl.net.http import HttpFiles
from impl.net.loopback import session
from impl.net.register import register_routes
from impl.transport.registration import bundle, introduce_phone
from impl.wire.errors import DecodeError
from impl.wire.media_path import token
from impl.wire.phone_registration import FORM_LIMIT, PhoneRegistration, encode
from tests.impl.transport.sides import CHAIN, CLIENT, SERVER, STRANGER
from tests.impl.transport.test_registration import BUNDLE

BLOB = b"sealed" * 100
LARGE = BLOB * 500
PATH = "/" + token(sha256(BLOB).digest())
PHONE = introduce_phone("15550001001", BUNDLE, CLIENT.public)


@dataclass
class Cabinet:
    """Files by path."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def upload(self, path: str, blob: bytes) -> None:
        self.kept[path] = blob

    def download(self, path: str) -> bytes:
        if path not in self.kept:
            raise Declined(404, f"no file at {path}")
        return self.kept[path]

    def delete(self, path: str) -> None:
        self.kept.pop(path, None)


@dataclass
class Shelf:
    """Backups of whoever is called alice."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def store(self, authorization: str, file: bytes) -> None:
        if authorization != "alice":
            raise Declined(403, "not alice")
        self.kept[authorization] = file

    def fetch(self, authorization: str) -> bytes:
        if authorization not in self.kept:
            raise Declined(404, "no backup")
        return self.kept[authorization]


@dataclass
class Office:
    registered: list[PhoneRegistration] = field(default_factory=list)

    def register(self, registration: PhoneRegistration) -> None:
        if registration.user == "15550009999":
            raise Declined(403, "blocked")
        self.registered.append(registration)


@dataclass
class World:
    endpoint: Endpoint
    cabinet: Cabinet
    office: Office


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    cabinet, office = Cabinet(), Office()
    routes = [*file_routes(cabinet), *backup_routes(Shelf()), *register_routes(office.register)]
    endpoint = Endpoint(SERVER, CHAIN, lambda opened, outlet: pytest.fail("nobody connects"), routes)
    await endpoint.start()
    try:
        yield World(endpoint, cabinet, office)
    finally:
        await endpoint.stop()


def served(talk: Callable[[World, HttpFiles], Awaitable[None]]) -> None:
    async def run() -> None:
        async with world() as there, HttpFiles(there.endpoint.port) as http:
            await talk(there, http)

    asyncio.run(run())


async def declined(code: int, why: str, asked: Awaitable[object]) -> None:
    with pytest.raises(Declined) as refusal:
        await asked
    assert (refusal.value.code, refusal.value.why) == (code, why)


def test_a_file_is_kept_until_it_is_deleted() -> None:
    async def talk(there: World, http: HttpFiles) -> None:
        await http.upload(PATH, BLOB)
        assert there.cabinet.kept == {PATH: BLOB}
        assert await http.download(PATH) == BLOB
        assert await http.download(f"{PATH}?hash=abc&mms-type=image&__wa-mms=") == BLOB
        assert await http.download(f"{PATH}&hash=abc&mms-type=image&__wa-mms=") == BLOB  # as pywhats asks
        await http.delete(PATH)
        await declined(404, f"no file at {PATH}", http.download(PATH))

    served(talk)


@pytest.mark.parametrize("place", ["/mms/image/", "/mms/md-app-state/", "/product/image/", "/"])
def test_a_foreign_client_finds_what_it_has_posted(place: str) -> None:
    """npm baileys leaves out the padding, and downloads from the host and the direct path alone."""

    async def talk(there: World, _: HttpFiles) -> None:
        origin, name = f"http://127.0.0.1:{there.endpoint.port}", PATH.strip("/=")
        async with session(5) as http:
            answer = await http.post(f"{origin}{place}{name}?auth=a%3D&token={name}", data=BLOB)
            said = await answer.json()
            assert said == {"url": origin + PATH, "direct_path": PATH, "handle": PATH[1:]}
            assert await (await http.get(origin + said["direct_path"])).read() == BLOB
            assert await (await http.get(said["url"])).read() == BLOB

    served(talk)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        (f"/{token(bytes(32))}", "the file is not the one that its name says"),
        (f"/{token(bytes(31))}", "token: 31 bytes, must be 32"),
        ("/no+base64", "token: not base64url"),
    ],
)
def test_a_file_has_the_name_of_its_hash(path: str, why: str) -> None:
    async def talk(there: World, http: HttpFiles) -> None:
        await declined(400, why, http.upload(path, BLOB))
        assert not there.cabinet.kept

    served(talk)


def test_a_file_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(net_files, "FILE_LIMIT", len(BLOB) - 1)

    async def talk(there: World, http: HttpFiles) -> None:
        await declined(413, f"more than {len(BLOB) - 1} bytes", http.upload(PATH, BLOB))
        assert not there.cabinet.kept

    served(talk)


def test_a_file_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "PATIENCE", 0.1)

    async def talk(there: World, http: HttpFiles) -> None:
        async def half() -> AsyncIterator[bytes]:
            yield BLOB[:10]
            await asyncio.sleep(5)

        await declined(408, "not everything in 0.1 s", http._ask("POST", PATH, data=half()))
        assert not there.cabinet.kept

    served(talk)


@pytest.mark.parametrize("path", ["//web.example/x", "/../x", "/%2e%2e/x", "/a b"])
def test_no_path_leads_to_another_host(path: str) -> None:
    async def talk(_: World, http: HttpFiles) -> None:
        with pytest.raises((Declined, DecodeError)):
            await http.download(path)

    served(talk)


@pytest.mark.parametrize("path", ["", "@web.example/x", "x", "/line\r\nbreak"])
def test_what_is_no_path(path: str) -> None:
    async def talk(_: World, http: HttpFiles) -> None:
        with pytest.raises(DecodeError, match=r"path: must begin with / and be printable ASCII"):
            await http.download(path)

    served(talk)


def test_a_backup_is_for_whom_it_belongs_to() -> None:
    async def talk(there: World, http: HttpFiles) -> None:
        await declined(404, "no backup", http.fetch_backup("alice"))
        await http.store_backup("alice", BLOB)
        assert await http.fetch_backup("alice") == BLOB
        await declined(403, "not alice", http.store_backup("bob", BLOB))
        async with session(5) as bare:
            assert (await bare.get(f"http://127.0.0.1:{there.endpoint.port}/backup")).status == 401

    served(talk)


def test_a_phone_registers() -> None:
    async def talk(there: World, http: HttpFiles) -> None:
        await http.register(PHONE)
        assert there.office.registered == [PHONE]
        assert bundle(PHONE) == BUNDLE

    served(talk)


@pytest.mark.parametrize(
    ("changed", "code", "why"),
    [
        ({"user": "15550009999"}, 403, "blocked"),
        ({"user": "0555000"}, 400, "bad_param cc"),
        ({"identity": STRANGER.public}, 400, "bad_param e_skey_sig"),
        ({"noise": b"short"}, 400, "bad_param authkey"),
    ],
)
def test_a_phone_that_gets_no_account(changed: dict[str, bytes], code: int, why: str) -> None:
    async def talk(there: World, http: HttpFiles) -> None:
        await declined(code, why, http.register(replace(PHONE, **changed)))
        assert not there.office.registered

    served(talk)


def test_an_endless_form_is_not_read() -> None:
    async def talk(there: World, _: HttpFiles) -> None:
        async with session(5) as http:
            url = f"http://127.0.0.1:{there.endpoint.port}/v2/register"
            answer = await http.post(url, data=encode(PHONE) + b"&a=" + bytes(FORM_LIMIT))
            assert answer.status == 413

    served(talk)


def test_a_file_on_disk_goes_up_and_comes_back(tmp_path: Path) -> None:
    here, back = tmp_path / "here", tmp_path / "back"
    here.write_bytes(LARGE)
    path = "/" + token(sha256(LARGE).digest())

    async def talk(there: World, http: HttpFiles) -> None:
        await http.upload_file(path, here)
        assert there.cabinet.kept == {path: LARGE}
        await http.download_file(path, back)
        assert back.read_bytes() == LARGE

    served(talk)


def test_of_a_lost_file_nothing_is_written(tmp_path: Path) -> None:
    async def talk(_: World, http: HttpFiles) -> None:
        await declined(404, f"no file at {PATH}", http.download_file(PATH, tmp_path / "back"))
        assert (tmp_path / "back").read_bytes() == b""

    served(talk)


def test_nobody_is_there() -> None:
    async def ask() -> None:
        async with HttpFiles(1) as http:
            with pytest.raises(LinkLost, match=r"nobody answers at http://127.0.0.1:1"):
                await http.download(PATH)

    asyncio.run(ask())

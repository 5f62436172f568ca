import pytest

from impl.crypto.media import MediaKeys, MediaKind
from tests.vectors import load


@pytest.mark.parametrize("vector", load("foreign")["media_keys"], ids=lambda vector: vector["type"])
def test_foreign_key_derivation(vector):
    kind = next(kind for kind in MediaKind if kind.mms_type == vector["type"])
    assert kind.info == vector["info"].encode()
    keys = MediaKeys.derive(bytes.fromhex(vector["media_key"]), kind)
    assert [part.hex() for part in (keys.iv, keys.cipher, keys.mac)] == [vector[n] for n in ("iv", "cipher", "mac")]


def test_no_two_kinds_share_a_place_on_the_server():
    assert len({kind.mms_type for kind in MediaKind}) == len(MediaKind) == 16


def test_kinds_that_share_keys():
    sharing: dict[bytes, set[MediaKind]] = {}
    for kind in MediaKind:
        sharing.setdefault(kind.info, set()).add(kind)
    assert [kinds for kinds in sharing.values() if len(kinds) > 1] == [
        {MediaKind.IMAGE, MediaKind.STICKER},
        {MediaKind.VIDEO, MediaKind.GIF, MediaKind.PTV},
        {MediaKind.AUDIO, MediaKind.PTT},
    ]


def test_keys_do_not_show_in_a_traceback():
    assert repr(MediaKeys.derive(bytes(32), MediaKind.IMAGE)) == "MediaKeys()"

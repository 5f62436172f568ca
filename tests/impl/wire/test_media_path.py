import pytest

from impl.wire.errors import DecodeError
from impl.wire.media_path import PATH_LIMIT, check_direct_path, path_of, token

HASH = bytes(range(0xE0, 0x100))
TOKEN = "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8="


def test_a_token_is_the_hash_in_the_alphabet_of_urls():
    assert token(HASH) == TOKEN


def test_where_our_server_keeps_a_file():
    assert path_of(HASH) == check_direct_path(f"/{TOKEN}", "path")


@pytest.mark.parametrize("path", ["/", "/v/t62.7118-24/1_n.enc?ccb=11-4&oh=01_Q5A", "/" + "a" * (PATH_LIMIT - 1)])
def test_a_path(path):
    assert check_direct_path(path, "ImageMessage.directPath") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "v/t62",
        "@host.example/",
        ".host.example/",
        ":8080/",
        "https://host.example/",
        "/a b",
        "/a\r\nHost: host.example",
        "/a\n",
        "/ä",
        "/\x7f",
        "/" + "a" * PATH_LIMIT,
    ],
)
def test_no_path(path):
    with pytest.raises(DecodeError, match=r"^ImageMessage\.directPath: "):
        check_direct_path(path, "ImageMessage.directPath")

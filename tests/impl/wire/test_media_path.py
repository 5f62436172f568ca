import pytest

from impl.crypto.media import MediaKind
from impl.wire.errors import DecodeError
from impl.wire.media_path import PATH_LIMIT, check_direct_path, download_path, token, upload_path

HASH = bytes(range(0xE0, 0x100))
TOKEN = "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8="


def test_a_token_is_the_hash_in_the_alphabet_of_urls():
    assert token(HASH) == TOKEN


def test_the_hash_and_the_type_go_with_the_path():
    path = download_path("/v/t62.7119-24/13_n.enc?ccb=11-4&oh=01", HASH, MediaKind.DOCUMENT)
    assert path == f"/v/t62.7119-24/13_n.enc?ccb=11-4&oh=01&hash={TOKEN}&mms-type=document&__wa-mms="


def test_a_path_without_a_query_gets_one():
    path = download_path("/history", HASH, MediaKind.HISTORY)
    assert path == f"/history?hash={TOKEN}&mms-type=md-msg-hist&__wa-mms="


def test_where_a_file_is_posted():
    escaped = TOKEN.replace("=", "%3D")
    assert upload_path(HASH, MediaKind.STICKER, "a&b=c") == f"/mms/sticker/{TOKEN}?auth=a%26b%3Dc&token={escaped}"


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

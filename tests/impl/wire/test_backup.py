"""The backup file: every byte has its place, and whatever is no such file is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.backup import BackupFile, KeyKind
from impl.wire.errors import DecodeError

FILES = st.builds(
    BackupFile,
    st.sampled_from(KeyKind),
    st.binary(min_size=32, max_size=32),
    st.binary(min_size=12, max_size=12),
    st.binary(min_size=16, max_size=64),
)


@given(FILES)
def test_decoding_undoes_encoding(file: BackupFile) -> None:
    assert BackupFile.decode(file.encode()) == file


@given(st.binary(max_size=100) | FILES.map(lambda file: b"PNTB\1" + file.encode()[5:]))
def test_any_bytes_are_a_file_or_an_error(data: bytes) -> None:
    with suppress(DecodeError):
        assert BackupFile.decode(data).encode() == data


@pytest.mark.parametrize("change", [(0, b"X"), (4, b"\2"), (5, b"\0"), (5, b"\3")])
def test_what_is_refused(change: tuple[int, bytes]) -> None:
    place, byte = change
    data = BackupFile(KeyKind.DIGITS, bytes(32), bytes(12), bytes(16)).encode()
    with pytest.raises(DecodeError):
        BackupFile.decode(data[:place] + byte + data[place + 1 :])
    with pytest.raises(DecodeError):
        BackupFile.decode(data[:-1])

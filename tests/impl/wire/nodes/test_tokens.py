from impl.wire.nodes import VERSION
from impl.wire.nodes.tokens import DOUBLE, SINGLE, SPELLINGS


def test_the_tables_have_their_sizes_and_no_word_twice() -> None:
    assert VERSION == 3
    assert len(SINGLE) == 236
    assert [len(words) for words in DOUBLE] == [256] * 4
    assert len(SPELLINGS) == 235 + 4 * 256
    assert "" not in SPELLINGS


def test_words_at_the_edges() -> None:
    assert SPELLINGS["xmlstreamstart"] == b"\x01"
    assert SPELLINGS["xmlstreamend"] == b"\x02"
    assert SPELLINGS[SINGLE[235]] == b"\xeb"
    assert SPELLINGS[DOUBLE[0][0]] == b"\xec\x00"
    assert SPELLINGS[DOUBLE[3][255]] == b"\xef\xff"


def test_a_word_in_pieces_is_joined() -> None:
    assert len(DOUBLE[2][62]) == 39
    assert SPELLINGS[DOUBLE[2][62]] == b"\xee\x3e"

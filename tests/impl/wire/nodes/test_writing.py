import pytest
from hypothesis import given
from hypothesis import strategies as st

from impl.wire.errors import DecodeError
from impl.wire.nodes import Jid, Node, Server, Value, decode, encode
from impl.wire.nodes.packed import pack
from impl.wire.nodes.tokens import SPELLINGS
from tests.impl.wire.nodes.names import JIDS

WORDS = (
    st.sampled_from(sorted(SPELLINGS)) | st.text("0123456789-.", min_size=1) | st.text("0123456789ABCDEF", min_size=1)
)
TEXTS = WORDS | st.text(min_size=1)
ATTRS = st.dictionaries(TEXTS, TEXTS | JIDS | st.just(""), max_size=4)
# a text in none of the short forms comes back as bytes
CONTENTS = st.none() | st.binary() | JIDS | WORDS.filter(lambda text: text in SPELLINGS or pack(text) is not None)
LEAVES = st.builds(Node, TEXTS, ATTRS, CONTENTS)
NODES = st.recursive(
    LEAVES, lambda children: st.builds(Node, TEXTS, ATTRS, st.lists(children, max_size=3).map(tuple)), max_leaves=8
)


@given(NODES)
def test_decoding_undoes_encoding(node: Node) -> None:
    assert decode(encode(node)) == node


def test_the_end_of_a_stream() -> None:
    assert encode(Node("xmlstreamend")) == b"\xf8\x01\x02"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("get", "29"),
        ("1", "55"),
        ("1080", "e9"),
        ("read-self", "ec00"),
        ("1-1", "ff821a1f"),
        ("3EB0", "fb023eb0"),
        ("3eb0", "fc0433656230"),
        ("", "fc00"),
        ("1@lid", "fc05 31406c6964"),
        ("0" * 127, "ffc0" + "00" * 63 + "0f"),
        ("0" * 128, "fc80" + "30" * 128),
        ("x" * 255, "fcff" + "78" * 255),
        ("x" * 256, "fd000100" + "78" * 256),
        (Jid("", Server.USER), "fa0003"),
        (Jid("1", Server.USER), "fa5503"),
        (Jid("1", Server.USER, 2), "f7000255"),
        (Jid("1", Server.LID), "fa5576"),
        (Jid("1", Server.LID, 255), "f701ff55"),
        (Jid("1", Server.HOSTED), "f7800055"),
        (Jid("1", Server.HOSTED_LID, 99), "f7816355"),
        (Jid("1", Server.MESSENGER, 258), "f6550102cc"),
        (Jid("1", Server.INTEROP, 1, 258), "f55500010102fc07696e7465726f70"),
    ],
)
def test_the_form_of_a_value(value: Value, written: str) -> None:
    assert encode(Node("iq", {"id": value})) == bytes.fromhex("f8031908" + written)


@pytest.mark.parametrize(
    ("size", "head"),
    [
        (0, "fc00"),
        (255, "fcff"),
        (256, "fd000100"),
        ((1 << 20) - 1, "fd0fffff"),
        (1 << 20, "fe00100000"),
    ],
)
def test_the_length_of_bytes(size: int, head: str) -> None:
    node = Node("iq", content=bytes(size))
    assert encode(node) == bytes.fromhex("f80219") + bytes.fromhex(head) + bytes(size)
    assert decode(encode(node)) == node


@pytest.mark.parametrize(("count", "head"), [(0, "00"), (1, "f801"), (255, "f8ff"), (256, "f90100"), (65535, "f9ffff")])
def test_the_number_of_children(count: int, head: str) -> None:
    node = Node("iq", content=(Node("item"),) * count)
    written = encode(node)
    assert written == bytes.fromhex("f80219") + bytes.fromhex(head) + encode(Node("item")) * count
    assert decode(written) == node


def test_more_children_or_attributes_cannot_be_written() -> None:
    most = Node("iq", {str(number): "" for number in range(32767)})
    assert decode(encode(most)) == most
    with pytest.raises(OverflowError):
        encode(Node("iq", {str(number): "" for number in range(32768)}))
    with pytest.raises(OverflowError):
        encode(Node("iq", content=(Node("item"),) * 65536))


def test_a_text_without_a_short_form_comes_back_as_bytes() -> None:
    assert decode(encode(Node("iq", content="hello"))).content == b"hello"
    assert decode(encode(Node("iq", content="result"))).content == "result"


def test_a_node_stays_as_it_was_made() -> None:
    attrs: dict[str, Value] = {"id": "1"}
    node = Node("iq", attrs)
    attrs["id"] = "2"
    assert node.attrs["id"] == "1"
    with pytest.raises(TypeError):
        node.attrs["id"] = "2"  # type: ignore[index]


def test_the_order_of_attributes_has_no_meaning() -> None:
    assert Node("iq", {"id": "1", "to": "2"}) == Node("iq", {"to": "2", "id": "1"})


@pytest.mark.parametrize("parts", [("",), ("iq", {"": "1"})])
def test_tags_and_keys_are_not_empty(parts: tuple[str, ...]) -> None:
    with pytest.raises(DecodeError, match="empty"):
        Node(*parts)

"""What a user wants to be called, as stanzas."""

from __future__ import annotations

import pytest

from impl.dialogue import Done, TellName
from impl.stanzas.presence import Telling
from impl.stanzas.text import shown
from impl.wire.errors import DecodeError
from impl.wire.nodes import Node
from tests.impl.stanzas.carrying import answered, asked
from tests.impl.stanzas.xml import xml

TELL = Telling()


@pytest.mark.parametrize("name", ["Alice", "Ünï 🙂", ""])
def test_the_server_is_asked_what_the_client_asks(name: str) -> None:
    assert asked(TELL, TellName(name)) == [TellName(name)]
    assert answered(TELL, TellName(name), Done()) == Done()


def test_how_it_looks() -> None:
    (node,) = TELL.ask(TellName("Alice"), b"")
    assert shown(node) == '<presence type="available" name="Alice"/>'


def test_whoever_names_nobody_only_is_there() -> None:
    assert TELL.is_asked(xml('<presence name="Alice" type="available"/>'))
    assert not TELL.is_asked(xml('<presence type="unavailable"/>'))


def test_there_is_a_name() -> None:
    with pytest.raises(DecodeError):
        TELL.asked(Node("presence"), b"")

"""Linking by eight-character code between clients and a server, with a crash anywhere."""

from typing import Any

import pytest

from impl.address import Address
from impl.client.linking import scan, show_qr
from impl.client.pairing import show_code, type_code
from impl.dialogue import Acknowledge, AnswerPairing, ApproveLinking, AskPairing, Declined, FinishPairing, Request
from impl.refusal import Refused
from tests.impl.client.crashes import NOW, Crash, FragileTown
from tests.impl.client.town import texts

WRONG = "1111-1111"


def shown(town: FragileTown, companion: str = "web") -> str:
    """The code on the companion's screen, once the phone has been asked for it."""
    code = town.run(companion, show_code(town.companion_of(companion), "alice", NOW))
    town.settle()
    return code


def typed(town: FragileTown, code: str) -> None:
    town.once("alice", lambda: type_code(town.phone_of("alice"), code, NOW))


def test_a_typed_code_links_as_a_scanned_qr(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    town.phone("bob")
    typed(town, shown(town).lower().replace("-", " "))
    assert web.address == Address("alice", 1)
    assert [each.name for each in alice.linked_devices] == ["Linux"]
    assert web.pairing is web.answer is web.secret is alice.pairing is alice.hello is None
    assert not town.server.pairings.asked
    town.say("bob", "alice", "hi")
    assert texts(town.clients["web"]) == ["hi"]
    assert not any(client.refusals for client in town.clients.values())


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("at", [AnswerPairing, FinishPairing, ApproveLinking, Acknowledge])
def test_a_pairing_outlives_a_crash(town: FragileTown, at: type[Request[Any]], late: bool) -> None:
    town.phone("alice"), town.companion("web")
    code = shown(town)
    town.crash_at(at, late)
    typed(town, code)
    assert town.crashes == 1
    assert town.companion_of("web").address == Address("alice", 1)
    assert town.phone_of("alice").vouched.keys() == {1}
    assert not any(client.refusals for client in town.clients.values())


@pytest.mark.parametrize("late", [False, True])
def test_a_code_that_the_server_did_not_name_is_void(town: FragileTown, late: bool) -> None:
    town.phone("alice"), town.companion("web")
    town.crash_at(AskPairing, late)
    with pytest.raises(Crash):
        shown(town)
    town.restart("web")
    typed(town, shown(town))
    assert town.companion_of("web").address == Address("alice", 1)


def test_both_sides_restart_while_the_code_is_on_show(town: FragileTown) -> None:
    town.phone("alice"), town.companion("web")
    code = shown(town)
    town.restart("web"), town.restart("alice")
    typed(town, code)
    assert town.companion_of("web").address == Address("alice", 1)


def test_a_wrong_code_links_nobody_and_the_right_one_still_does(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    code = shown(town)
    typed(town, WRONG)
    assert web.address is None
    assert [refusal.check for refusal in town.clients["alice"].refusals] == ["code"]
    assert not alice.vouched
    typed(town, code)
    assert web.address == Address("alice", 1)


def test_a_new_code_takes_the_place_of_the_former(town: FragileTown) -> None:
    town.phone("alice")
    web = town.companion("web")
    former, code = shown(town), shown(town)
    typed(town, former)
    assert web.address is None
    typed(town, code)
    assert web.address == Address("alice", 1)


def test_a_qr_takes_the_place_of_a_code_and_the_other_way_round(town: FragileTown) -> None:
    alice, web = town.phone("alice"), town.companion("web")
    code = shown(town)
    text = town.run("web", show_qr(web))
    typed(town, code)
    assert web.address is None
    assert [refusal.check for refusal in town.clients["web"].refusals] == ["pairing_pending"]
    shown(town)
    town.once("alice", lambda: scan(alice, text, NOW))
    assert web.address is None
    assert [refusal.check for refusal in town.clients["web"].refusals][1:] == ["secret_unused"]


def test_no_code_for_a_user_without_a_phone(town: FragileTown) -> None:
    web = town.companion("web")
    with pytest.raises(Declined):
        town.run("web", show_code(web, "nobody", NOW))


def test_a_code_for_one_account_is_none_for_another(town: FragileTown) -> None:
    town.phone("alice"), town.companion("web")
    bob = town.phone("bob")
    code = shown(town)
    with pytest.raises(Refused) as refusal:
        town.run("bob", type_code(bob, code, NOW))
    assert refusal.value.check == "pairing_pending"


def test_another_phone_cannot_answer_in_the_place_of_the_one_that_was_asked(town: FragileTown) -> None:
    alice, bob = town.phone("alice"), town.phone("bob")
    town.companion("web")
    alice.type_code(shown(town), NOW)
    assert alice.hello is not None
    with pytest.raises(Declined):
        town.server.answer(bob.address, AnswerPairing(alice.hello))

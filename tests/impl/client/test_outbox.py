"""Handing over a message, when several flows do it at once."""

from impl.client.outbox import deliver
from impl.dialogue import Submit
from impl.wire.content import Text
from tests.impl.client.town import NOW, Town, texts


def test_a_late_answer_takes_nothing_out_of_the_outbox_that_it_is_not_about() -> None:
    town = Town()
    alice, bob = town.phone("alice"), town.phone("bob")
    town.say(alice, "bob", "hello")
    alice.device.send("ID", "bob", Text("hi"), NOW)
    web = town.companion(bob)
    first, second = (deliver(alice.device, "ID", NOW) for _ in range(2))
    asked = next(first), next(second)
    answers = [town.server.answer(alice.name, request) for request in asked]
    request = first.send(answers[0])
    while not isinstance(request, Submit):
        request = first.send(town.server.answer(alice.name, request))
    corrected = alice.device.outbox["ID"]
    second.send(answers[1])
    assert alice.device.outbox["ID"] == corrected
    town.network.run(alice, deliver(alice.device, "ID", NOW))
    town.network.settle()
    assert texts(web)[-1] == "hi" and not alice.device.outbox

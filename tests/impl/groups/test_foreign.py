"""Sender keys of another implementation, byte for byte."""

from dataclasses import replace

import pytest

from impl.crypto.entropy import seeded
from impl.crypto.keys import KeyPair
from impl.groups import OwnSenderKey, SenderKeyRecord, learn, open_
from impl.sessions import SessionError
from impl.sessions.chain import Chain
from impl.wire.senderkeys import SenderKeyDistribution, SenderKeyMessage
from tests.vectors import load

TRANSCRIPT = load("senderkeys")
STEPS = TRANSCRIPT["steps"]


def body(step: int) -> bytes:
    return bytes.fromhex(STEPS[step]["body"])


def received() -> SenderKeyRecord:
    """The receiver after the whole transcript, in which everything opened."""
    record = None
    for step in STEPS:
        if step["do"] == "learn":
            record = learn(record, SenderKeyDistribution.decode(body(step["step"])))
        elif step["do"] == "open":
            record, plaintext = open_(record, body(step["step"]))
            assert plaintext == STEPS[step["step"]]["plaintext"].encode()
    return record


def key_at(drawn: dict[str, str | int], iteration: int) -> OwnSenderKey:
    """The sender's key, before it seals under `iteration`."""
    chain = Chain(bytes.fromhex(drawn["chain_key"]))
    for _ in range(iteration):
        chain, _ = chain.step()
    return OwnSenderKey(drawn["id"], KeyPair.of(bytes.fromhex(drawn["signing_private"])), chain)


def test_what_they_sealed_opens_in_their_order():
    opened = [step["step"] for step in STEPS if step["do"] == "open"]
    assert opened != sorted(opened)
    record = received()
    for step in opened:
        with pytest.raises(SessionError, match="duplicate"):
            open_(record, body(step))


def test_their_second_distribution_of_a_key_changes_nothing():
    record = received()
    for step in STEPS:
        if step["do"] == "distribute":
            assert learn(record, SenderKeyDistribution.decode(bytes.fromhex(step["body"]))) is record


@pytest.mark.parametrize("step", [step for step in STEPS if step["do"] == "distribute"], ids=lambda step: step["key"])
def test_distributions_are_reproduced_to_the_byte(step):
    iteration = SenderKeyDistribution.decode(bytes.fromhex(step["body"])).iteration
    own = key_at(TRANSCRIPT["keys"][step["key"]], iteration)
    assert own.distribution().encode().hex() == step["body"]


@pytest.mark.parametrize("step", [step for step in STEPS if step["do"] == "seal"], ids=lambda step: step["plaintext"])
def test_messages_are_reproduced_to_the_byte_but_for_the_random_signature(step):
    theirs = SenderKeyMessage.decode(bytes.fromhex(step["body"]))
    own = key_at(TRANSCRIPT["keys"][step["key"]], theirs.iteration)
    _, frame = own.seal(step["plaintext"].encode(), seeded(b""))
    assert replace(SenderKeyMessage.decode(frame), signature=theirs.signature) == theirs

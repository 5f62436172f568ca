"""What passes a channel arrives once and in order, or the channel closes."""

import pytest

from impl.transport.channel import PLAINTEXT_LIMIT, Channel
from impl.transport.errors import ChannelCheck, ChannelError
from impl.transport.framing import FRAME_LIMIT, frame
from tests.impl.transport.sides import met


def pair() -> tuple[Channel, Channel]:
    connected, accepted = met()
    return connected.channel, accepted.channel


def refuses(check: ChannelCheck, channel: Channel, sealed: bytes) -> None:
    with pytest.raises(ChannelError) as refusal:
        channel.open(sealed)
    assert refusal.value.check == check


def test_both_directions_are_apart() -> None:
    client, server = pair()
    for text in (b"", b"one", b"two"):
        assert server.open(client.seal(text)) == text
        assert client.open(server.seal(text)) == text


def test_the_same_words_are_never_sealed_alike_again() -> None:
    (client, server), (again, _) = pair(), pair()
    assert len({each.seal(b"same") for each in (client, client, server, again)}) == 4


@pytest.mark.parametrize(
    "disturbed",
    [
        lambda first, second: second,
        lambda first, second: first[:-1] + bytes([first[-1] ^ 1]),
        lambda first, second: first[:-1],
        lambda first, second: first[:15],
        lambda first, second: b"",
    ],
    ids=["lost", "altered", "cut short", "shorter than a tag", "empty"],
)
def test_any_failure_closes_the_channel_both_ways(disturbed) -> None:
    client, server = pair()
    first, second = client.seal(b"first"), client.seal(b"second")
    refuses("tag", server, disturbed(first, second))
    assert server.closed
    refuses("closed", server, first)
    with pytest.raises(ChannelError, match="closed"):
        server.seal(b"answer")


def test_a_repeated_frame_closes_the_channel() -> None:
    client, server = pair()
    sealed = client.seal(b"once")
    server.open(sealed)
    refuses("tag", server, sealed)


def test_ones_own_frame_does_not_open() -> None:
    client, _ = pair()
    refuses("tag", client, client.seal(b"reflected"))


def test_frames_of_an_earlier_connection_do_not_open() -> None:
    refuses("tag", pair()[1], pair()[0].seal(b"recorded"))


def test_a_used_up_key_closes_the_channel() -> None:
    client, _ = pair()
    client._sending._counter = 1 << 32
    with pytest.raises(ChannelError, match="counter"):
        client.seal(b"one too many")
    assert client.closed


def test_the_longest_plaintext_fills_a_frame_and_a_longer_one_changes_nothing() -> None:
    client, server = pair()
    with pytest.raises(ChannelError, match="size: 16777200 bytes, the limit is 16777199"):
        client.seal(bytes(PLAINTEXT_LIMIT + 1))
    sealed = client.seal(bytes(PLAINTEXT_LIMIT))
    assert len(frame(sealed)) == 3 + FRAME_LIMIT
    assert server.open(sealed) == bytes(PLAINTEXT_LIMIT)

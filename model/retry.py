"""Retries: a device that cannot open a message asks for it once more, and the author seals it anew for that one alone.

The request goes through the server, which can make one up in anybody's name, with whatever keys it likes. So the author
trusts it in nothing: it answers only a device that the message was for, that has not confirmed it, and that is still
listed, and only under the identity that this device is known by.

Source: wire.md, section 8.7; order of checks in `impl/retry.py`.
"""

from __future__ import annotations

from model.accounts import Device, acts
from model.fanout import Fanout, Message, listed_for
from model.language import Module, Relation, Sort, action, require, when
from model.receipts import Receipts


class Request(Sort):
    """A request for a message, in the name of a device, with prekeys that may be another's."""


class Retries(Module):
    """Which requests were answered, and under whose keys."""

    about = Relation(Request, gives=Message, frozen=True)
    of = Relation(Request, gives=Device, frozen=True)  # in whose name it is
    keys = Relation(Request, gives=Device, frozen=True)  # whose prekeys come along

    answered = Relation(Request)
    anew = Relation(Message, Device)  # one more ciphertext of the message exists, which this device opens

    @action
    def answer(request: Request) -> None:
        """The author of a message that was sent gets {request}, and seals the message once more."""
        message, device, owner = Retries.about(request), Retries.of(request), Retries.keys(request)
        author = Fanout.author(message)
        acts(author)
        when(
            sent=Fanout.sent(message),
            kept=~Fanout.timed(message) & ~Fanout.once(message),
            new=~Retries.answered(request),
        )
        require(
            target=Fanout.sealed(message, device),
            still_missing=~Receipts.told(message, device),
            listed=listed_for(author, device),
            known_identity=owner == device,
        )
        Retries.answered[request] = True
        Retries.anew[message, owner] = True

"""Linking by eight-character code: instead of reading a QR, the phone is told a code that the companion shows.

Either side draws an ephemeral key and sends it wrapped under the code: whoever has another code unwraps a key of which
nobody knows the private half. The two keys agree on a secret, under which the companion seals both identities and its
part of the linking secret. A phone that can open this knows the companion, and approves of it as if it had read its
QR. A code is short, so it can be guessed: but only while it is asked for, since whoever learns it afterwards has
wrapped or unwrapped the wrong key. The derivation is slow, so that not all codes can be tried before that.

The server carries all of it. It can give a companion or a phone what was meant for another, and change whatever is
under no key: which account asks, which companion answers. And it may guess, on either side: with a phone of its own it
answers a companion, with a companion of its own it asks a phone. How often it may guess is not modelled.

Source: wire.md, section 3; order of checks in `impl/pairing_code` and `impl/linking.py`.
"""

from __future__ import annotations

from model.language import Module, Relation, Sort, action, either, require, when


class Newcomer(Sort):
    """A companion that asks to be linked by code, or what the adversary passes off as one: an identity key."""


class Primary(Sort):
    """A phone that a code is typed on, or what the adversary passes off as one: an account key."""


class ShortCode(Sort):
    """Eight characters."""


class Pairing(Sort):
    """A companion_hello: the ephemeral key of a companion, under the code that it shows."""


class Hello(Sort):
    """A primary_hello: the ephemeral key of a phone, under the code that was typed."""


class Pairings(Module):
    """Which codes were shown, typed and guessed, what was answered, and who approved of whom."""

    strange = Relation(Newcomer, frozen=True)  # the adversary's companion
    posing = Relation(Primary, frozen=True)  # the adversary's phone
    of = Relation(Pairing, gives=Newcomer, frozen=True)
    code = Relation(Pairing, gives=ShortCode, frozen=True)
    by = Relation(Hello, gives=Primary, frozen=True)
    about = Relation(Hello, gives=Pairing, frozen=True)  # the server has given the phone this one
    typed = Relation(Hello, gives=ShortCode, frozen=True)

    drawn = Relation(ShortCode)  # a companion of an honest user has shown it
    guessed = Relation(ShortCode)  # by the adversary, whether that was right or not
    shown = Relation(Pairing)
    waits = Relation(Pairing)  # its code is on the screen
    sent = Relation(Hello)
    pends = Relation(Hello)  # the phone waits for an answer to this one
    took = Relation(Primary, ShortCode)  # the user has typed it
    answered = Relation(Pairing, Hello)
    answered_twice = Relation(Pairing)
    told = Relation(Pairing, Hello, Primary)  # an answer exists in which the companion names this account
    known = Relation(Pairing, Hello)  # the adversary knows the secret of that answer
    expects = Relation(Pairing, Hello)  # the newest answer of the companion, with whose secret it can be linked
    unused = Relation(Pairing)  # the companion has a linking secret that nobody has used
    shares_secret = Relation(Pairing, Hello)  # an HMAC under it stands behind the account signature of the phone
    vouched = Relation(Primary, Newcomer)  # account signature
    vouched_twice = Relation(Primary, Newcomer)
    approved = Relation(Hello, Newcomer)  # the phone has vouched for it because of the code typed here
    linked = Relation(Newcomer)
    joined = Relation(Pairing, Primary)
    joined_twice = Relation(Newcomer)

    @action
    def show(pairing: Pairing) -> None:
        """A companion shows a fresh code, and asks to be linked: {pairing}."""
        newcomer = Pairings.of(pairing)
        when(honest=~Pairings.strange(newcomer), new=~Pairings.shown(pairing))
        require(fresh=~Pairings.linked(newcomer))
        Pairings.shown[pairing] = True
        Pairings.drawn[Pairings.code(pairing)] = True
        Pairings.waits[:] = lambda other: either(
            Pairings.of(other) == newcomer, other == pairing, Pairings.waits(other)
        )
        Pairings.unused[:] = lambda other: Pairings.unused(other) & (Pairings.of(other) != newcomer)
        Pairings.expects[:, :] = lambda other, hello: Pairings.expects(other, hello) & (Pairings.of(other) != newcomer)

    @action
    def pose(pairing: Pairing) -> None:
        """The adversary guesses a code, and asks to be linked with a key of its own under it: {pairing}."""
        when(adversary=Pairings.strange(Pairings.of(pairing)), new=~Pairings.shown(pairing))
        Pairings.shown[pairing] = True
        Pairings.guessed[Pairings.code(pairing)] = True

    @action
    def type_code(hello: Hello) -> None:
        """On the phone somebody types a code that a companion shows; the phone sends {hello} to the one that asked."""
        primary, code = Pairings.by(hello), Pairings.typed(hello)
        when(
            honest=~Pairings.posing(primary),
            asked=Pairings.shown(Pairings.about(hello)),
            seen=Pairings.drawn(code),
            new=~Pairings.sent(hello),
        )
        Pairings.sent[hello] = True
        Pairings.pends[:] = lambda other: either(Pairings.by(other) == primary, other == hello, Pairings.pends(other))
        Pairings.took[primary, code] = True

    @action
    def guess(hello: Hello) -> None:
        """The adversary guesses a code, and answers a companion with a key of its own under it: {hello}."""
        asked = Pairings.shown(Pairings.about(hello))
        when(adversary=Pairings.posing(Pairings.by(hello)), asked=asked, new=~Pairings.sent(hello))
        Pairings.sent[hello] = True
        Pairings.guessed[Pairings.typed(hello)] = True

    @action
    def answer(pairing: Pairing, hello: Hello, named: Primary) -> None:
        """The server gives the companion of {pairing} {hello}, in the name of {named}; it cannot tell, and answers."""
        again = Pairings.expects(pairing, hello) & Pairings.told(pairing, hello, named)  # is answered in the same words
        when(on_the_screen=Pairings.waits(pairing), there=Pairings.sent(hello), news=~again)
        require(once=~Pairings.answered(pairing, hello))
        guessed = Pairings.posing(Pairings.by(hello)) & (Pairings.typed(hello) == Pairings.code(pairing))
        Pairings.answered_twice[pairing] = Pairings.answered_twice(pairing) | Pairings.answered(pairing, hello)
        Pairings.answered[pairing, hello] = True
        Pairings.told[pairing, hello, named] = True
        Pairings.known[pairing, hello] = guessed & Pairings.posing(named)  # the identity keys go into the secret
        Pairings.expects[pairing, :] = lambda other: other == hello
        Pairings.unused[pairing] = True

    @action
    def make_up(hello: Hello) -> None:
        """The adversary's companion, which {hello} was sent to, answers it in any words, having guessed the code."""
        pairing = Pairings.about(hello)
        when(
            adversary=Pairings.strange(Pairings.of(pairing)) & Pairings.shown(pairing),
            there=Pairings.sent(hello),
            guessed=Pairings.typed(hello) == Pairings.code(pairing),
        )
        Pairings.told[pairing, hello, :] = lambda primary: True

    @action
    def finish(hello: Hello, named: Primary, claimed: Newcomer) -> None:
        """The server gives the phone an answer to {hello} that names {named}, as from {claimed}; it vouches for it."""
        primary, pairing = Pairings.by(hello), Pairings.about(hello)
        when(honest=~Pairings.posing(primary), waiting=Pairings.pends(hello))
        require(
            intact=Pairings.told(pairing, hello, named),
            code=Pairings.typed(hello) == Pairings.code(pairing),
            this_account=named == primary,
            this_companion=claimed == Pairings.of(pairing),
            once=~Pairings.vouched(primary, claimed),
        )
        Pairings.pends[hello] = False
        Pairings.approved[hello, claimed] = True
        Pairings.vouched_twice[primary, claimed] = Pairings.vouched(primary, claimed)
        Pairings.vouched[primary, claimed] = True
        Pairings.shares_secret[pairing, hello] = (named == primary) & (claimed == Pairings.of(pairing))

    @action
    def vouch_unasked(primary: Primary, newcomer: Newcomer) -> None:
        """The adversary's {primary} vouches for {newcomer}, whose code it may not know."""
        when(
            adversary=Pairings.posing(primary),
            honest=~Pairings.strange(newcomer),
            new=~Pairings.vouched(primary, newcomer),
        )
        Pairings.vouched[primary, newcomer] = True

    @action
    def confirm(pairing: Pairing, hello: Hello, primary: Primary) -> None:
        """The server shows the companion of {pairing} the approval of {primary}, made for {hello}; it joins."""
        newcomer = Pairings.of(pairing)
        from_the_phone = Pairings.shares_secret(pairing, hello) & (Pairings.by(hello) == primary)
        when(honest=~Pairings.strange(newcomer))
        require(
            secret_unused=Pairings.unused(pairing),
            linking_secret=Pairings.expects(pairing, hello) & (from_the_phone | Pairings.known(pairing, hello)),
            account_signature=Pairings.vouched(primary, newcomer),
            account_key=Pairings.told(pairing, hello, primary),
        )
        Pairings.joined_twice[newcomer] = Pairings.linked(newcomer)
        Pairings.linked[newcomer] = True
        Pairings.joined[pairing, primary] = True
        Pairings.unused[pairing] = False
        Pairings.waits[pairing] = False

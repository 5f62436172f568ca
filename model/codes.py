"""Linking by eight-character code: instead of reading a QR, the phone is told a code that the companion shows.

Either side draws an ephemeral key and sends it wrapped under the code: whoever has another code unwraps a key of which
nobody knows the private half. With what the two keys agree on the companion seals both identities and its part of the
linking secret; where the phone can open that, it knows the companion, and approves of it as of one whose QR it has
read. A code is short, so it can be guessed: but only while it is asked for, since whoever learns it afterwards has
wrapped or unwrapped the wrong key. The derivation is slow, so that not all codes can be tried before that.

The server carries all of it. It can give a companion or a phone what was meant for another, and change whatever is
under no key: which account asks, which companion answers. And it may guess, on either side: with a phone of its own it
answers a companion, with a companion of its own it asks a phone. How often it may is no matter of this model.

Source: wire.md, section 3; order of checks in `impl/pairing_code` and `impl/linking.py`.
"""

from __future__ import annotations

from model.language import Module, Relation, Sort, action, either, require, when


class Newcomer(Sort):
    """A companion that asks to be linked by code, or what the adversary passes off as one: an identity key."""


class Primary(Sort):
    """A phone that a code is typed on, or what the adversary passes off as one: an account key."""


class Code(Sort):
    """Eight characters."""


class Pairing(Sort):
    """A companion_hello: the ephemeral key of a companion, under the code that it shows."""


class Hello(Sort):
    """A primary_hello: the ephemeral key of a phone, under the code that was typed."""


class Codes(Module):
    """Which codes were shown, typed and guessed, what was answered, and who approved of whom."""

    strange = Relation(Newcomer, frozen=True)  # the adversary's companion
    posing = Relation(Primary, frozen=True)  # the adversary's phone
    of = Relation(Pairing, gives=Newcomer, frozen=True)
    code = Relation(Pairing, gives=Code, frozen=True)
    by = Relation(Hello, gives=Primary, frozen=True)
    about = Relation(Hello, gives=Pairing, frozen=True)  # the server has given the phone this one
    typed = Relation(Hello, gives=Code, frozen=True)

    drawn = Relation(Code)  # a companion of an honest user has shown it
    guessed = Relation(Code)  # by the adversary, whether that was right or not
    shown = Relation(Pairing)
    waits = Relation(Pairing)  # its code is on the screen
    sent = Relation(Hello)
    pends = Relation(Hello)  # the phone waits for an answer to this one
    took = Relation(Primary, Code)  # the user has typed it
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
        newcomer = Codes.of(pairing)
        when(honest=~Codes.strange(newcomer), new=~Codes.shown(pairing))
        require(fresh=~Codes.linked(newcomer))
        Codes.shown[pairing] = True
        Codes.drawn[Codes.code(pairing)] = True
        Codes.waits[:] = lambda other: either(Codes.of(other) == newcomer, other == pairing, Codes.waits(other))
        Codes.unused[:] = lambda other: Codes.unused(other) & (Codes.of(other) != newcomer)
        Codes.expects[:, :] = lambda other, hello: Codes.expects(other, hello) & (Codes.of(other) != newcomer)

    @action
    def pose(pairing: Pairing) -> None:
        """The adversary guesses a code, and asks to be linked with a key of its own under it: {pairing}."""
        when(adversary=Codes.strange(Codes.of(pairing)), new=~Codes.shown(pairing))
        Codes.shown[pairing] = True
        Codes.guessed[Codes.code(pairing)] = True

    @action
    def type_code(hello: Hello) -> None:
        """Somebody types a code that a companion shows on the phone, which sends {hello} to the one that asked."""
        primary, code = Codes.by(hello), Codes.typed(hello)
        when(
            honest=~Codes.posing(primary),
            asked=Codes.shown(Codes.about(hello)),
            seen=Codes.drawn(code),
            new=~Codes.sent(hello),
        )
        Codes.sent[hello] = True
        Codes.pends[:] = lambda other: either(Codes.by(other) == primary, other == hello, Codes.pends(other))
        Codes.took[primary, code] = True

    @action
    def guess(hello: Hello) -> None:
        """The adversary guesses a code, and answers a companion with a key of its own under it: {hello}."""
        asked = Codes.shown(Codes.about(hello))
        when(adversary=Codes.posing(Codes.by(hello)), asked=asked, new=~Codes.sent(hello))
        Codes.sent[hello] = True
        Codes.guessed[Codes.typed(hello)] = True

    @action
    def answer(pairing: Pairing, hello: Hello, named: Primary) -> None:
        """The server gives the companion of {pairing} {hello}, in the name of {named}; it cannot tell, and answers."""
        again = Codes.expects(pairing, hello) & Codes.told(pairing, hello, named)  # is answered in the same words
        when(on_the_screen=Codes.waits(pairing), there=Codes.sent(hello), news=~again)
        require(once=~Codes.answered(pairing, hello))
        guessed = Codes.posing(Codes.by(hello)) & (Codes.typed(hello) == Codes.code(pairing))
        Codes.answered_twice[pairing] = Codes.answered_twice(pairing) | Codes.answered(pairing, hello)
        Codes.answered[pairing, hello] = True
        Codes.told[pairing, hello, named] = True
        Codes.known[pairing, hello] = guessed & Codes.posing(named)  # the identity keys go into the secret
        Codes.expects[pairing, :] = lambda other: other == hello
        Codes.unused[pairing] = True

    @action
    def make_up(hello: Hello) -> None:
        """The adversary's companion, which {hello} was sent to, answers it in any words, having guessed the code."""
        pairing = Codes.about(hello)
        when(
            adversary=Codes.strange(Codes.of(pairing)) & Codes.shown(pairing),
            there=Codes.sent(hello),
            guessed=Codes.typed(hello) == Codes.code(pairing),
        )
        Codes.told[pairing, hello, :] = lambda primary: True

    @action
    def finish(hello: Hello, named: Primary, claimed: Newcomer) -> None:
        """The server gives the phone an answer to {hello} that names {named}, as from {claimed}; it vouches for it."""
        primary, pairing = Codes.by(hello), Codes.about(hello)
        when(honest=~Codes.posing(primary), waiting=Codes.pends(hello))
        require(
            intact=Codes.told(pairing, hello, named),
            code=Codes.typed(hello) == Codes.code(pairing),
            this_account=named == primary,
            this_companion=claimed == Codes.of(pairing),
            once=~Codes.vouched(primary, claimed),
        )
        Codes.pends[hello] = False
        Codes.approved[hello, claimed] = True
        Codes.vouched_twice[primary, claimed] = Codes.vouched(primary, claimed)
        Codes.vouched[primary, claimed] = True
        Codes.shares_secret[pairing, hello] = (named == primary) & (claimed == Codes.of(pairing))

    @action
    def vouch_unasked(primary: Primary, newcomer: Newcomer) -> None:
        """The adversary's {primary} vouches for {newcomer}, whose code it may not know."""
        when(
            adversary=Codes.posing(primary),
            honest=~Codes.strange(newcomer),
            new=~Codes.vouched(primary, newcomer),
        )
        Codes.vouched[primary, newcomer] = True

    @action
    def confirm(pairing: Pairing, hello: Hello, primary: Primary) -> None:
        """The server shows the companion of {pairing} the approval of {primary}, made for {hello}; it joins."""
        newcomer = Codes.of(pairing)
        from_the_phone = Codes.shares_secret(pairing, hello) & (Codes.by(hello) == primary)
        when(honest=~Codes.strange(newcomer))
        require(
            secret_unused=Codes.unused(pairing),
            linking_secret=Codes.expects(pairing, hello) & (from_the_phone | Codes.known(pairing, hello)),
            account_signature=Codes.vouched(primary, newcomer),
            account_key=Codes.told(pairing, hello, primary),
        )
        Codes.joined_twice[newcomer] = Codes.linked(newcomer)
        Codes.linked[newcomer] = True
        Codes.joined[pairing, primary] = True
        Codes.unused[pairing] = False
        Codes.waits[pairing] = False

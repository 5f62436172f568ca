"""Sessions: from the first prekey to the last chain, and what a copy of one end is worth.

Between two ends a session is a line of chains, one end's and the other's in turn. Whoever opens the first message of a
new chain answers with a chain of its own, for which it draws a fresh key: that is a turn of the ratchet. A chain gives
one key for each message; the key is deleted once the message is sealed, or opened.

A session begins with prekeys of the end that is called. A one-time prekey is deleted once it is used. The server hands
them out. It may give the same one twice, which then opens one session only; or it gives none, and then what is said
first has no forward secrecy (KL-1).

The adversary may copy an end at any moment (a snapshot): its keys, the chain that it sends in, and those that it
receives in, up to the one that answers its own. What follows from a snapshot is worked out here, with the ciphertexts
that the adversary keeps for ever. `model/compromise.py` speaks of a device that is copied all the time; here a copy is
taken, and then the ends go on and heal. Whoever has copied an identity key can also begin new sessions in its name, and
does not lose that by healing (KL-4).

Source: https://signal.org/docs/specifications/doubleratchet/ and x3dh/; Cohn-Gordon, Cremers, Garratt, "On
Post-compromise Security" (2016); formats and order of checks in `impl/sessions`.
"""

from __future__ import annotations

from typing import Any

from model.language import Formula, Module, Relation, Sort, action, axiom, either, every, implies, require, some, when


class End(Sort):
    """A device, as far as its sessions go."""


class Prekey(Sort):
    """A one-time prekey of an end."""


class Session(Sort):
    """A session that one end begins with another."""


class Chain(Sort):
    """What one end sends in a session from one turn of the ratchet to its next."""


class Note(Sort):
    """A message of one end in a session: one ciphertext."""


class Copy(Sort):
    """A snapshot of an end, at one moment."""


class Sessions(Module):
    """Prekeys, chains, messages, and what the adversary reads of them."""

    owner = Relation(Prekey, gives=End, frozen=True)
    caller = Relation(Session, gives=End, frozen=True)  # who begins it
    called = Relation(Session, gives=End, frozen=True)
    within = Relation(Chain, gives=Session, frozen=True)
    by = Relation(Chain, gives=End, frozen=True)
    before = Relation(Chain, Chain, frozen=True)  # of one session
    next = Relation(Chain, Chain, frozen=True)  # the second answers the first
    first = Relation(Chain, frozen=True)
    early = Relation(Chain, frozen=True)  # one of the first three: what a session without one-time prekey may lose
    author = Relation(Note, gives=End, frozen=True)
    place = Relation(Note, gives=Session, frozen=True)
    original = Relation(Copy, gives=End, frozen=True)

    begun = Relation(Chain)
    bare = Relation(Session)  # it began without a one-time prekey
    uses = Relation(Session, Prekey)
    answered = Relation(Session)  # who was called has opened a message of it
    spent = Relation(Prekey)  # used, and deleted
    leads = Relation(End, Session)  # what the end says to the other goes into this session
    sealed = Relation(Note)
    under = Relation(Note, Chain)
    opened = Relation(Note)
    opened_twice = Relation(Note)

    taken = Relation(Copy)
    copied = Relation(End)  # the adversary has its identity key and its signed prekey
    prekey_copied = Relation(Prekey)
    copied_since = Relation(Chain)  # a snapshot of its end was taken since the chain began
    leaked = Relation(Chain)  # the adversary opens what is sealed in it from now on
    known = Relation(Note)
    stolen = Relation(Session)  # the adversary began it, in the name of an end that it has copied

    @axiom
    def two_ends(session: Session) -> Formula:
        return Sessions.caller(session) != Sessions.called(session)

    @axiom
    def a_chain_is_of_an_end(chain: Chain) -> Formula:
        session, end = Sessions.within(chain), Sessions.by(chain)
        first = implies(Sessions.first(chain), end == Sessions.caller(session))
        return ((end == Sessions.caller(session)) | (end == Sessions.called(session))) & first

    @axiom
    def chains_are_in_line(one: Chain, two: Chain, three: Chain) -> Formula:
        both = Sessions.before(one, two) & Sessions.before(two, three)
        return implies(both, Sessions.before(one, three)) & ~Sessions.before(one, one)

    @axiom
    def an_answer_is_of_the_other_end(one: Chain, other: Chain) -> Formula:
        ends = (Sessions.by(one) != Sessions.by(other)) & (Sessions.within(one) == Sessions.within(other))
        return implies(Sessions.next(one, other), ends & Sessions.before(one, other))

    @axiom
    def whatever_comes_later_comes_after_the_answer(one: Chain, answer: Chain, other: Chain) -> Formula:
        later = Sessions.next(one, answer) & Sessions.before(one, other)
        return implies(later, (other == answer) | Sessions.before(answer, other))

    @axiom
    def whatever_came_before_came_before_what_is_answered(one: Chain, answer: Chain, other: Chain) -> Formula:
        sooner = Sessions.next(one, answer) & Sessions.before(other, answer)
        return implies(sooner, (other == one) | Sessions.before(other, one))

    @axiom
    def the_first_comes_first(first: Chain, other: Chain) -> Formula:
        both = Sessions.first(first) & (Sessions.within(first) == Sessions.within(other))
        return implies(both, (first == other) | Sessions.before(first, other)) & implies(
            Sessions.first(first), Sessions.early(first)
        )

    @axiom
    def order_is_within_a_session(one: Chain, other: Chain) -> Formula:
        return implies(Sessions.before(one, other), Sessions.within(one) == Sessions.within(other))

    @action
    def begin(session: Session, chain: Chain, prekey: Prekey) -> None:
        """The caller begins {session} with the prekeys that the server gives it, {prekey} among them."""
        _can_begin(session, chain)
        end = Sessions.called(session)
        when(no_session=_no_session(session), of_the_called=Sessions.owner(prekey) == end)
        Sessions.begun[chain] = True
        _leads(Sessions.caller(session), session)
        Sessions.uses[session, prekey] = True
        Sessions.leaked[chain] = Sessions.copied(end) & Sessions.prekey_copied(prekey)

    @action
    def begin_bare(session: Session, chain: Chain) -> None:
        """The server has no one-time prekey, or says so: the caller begins {session} without."""
        _can_begin(session, chain)
        when(no_session=_no_session(session))
        Sessions.begun[chain] = True
        _leads(Sessions.caller(session), session)
        Sessions.bare[session] = True
        Sessions.leaked[chain] = Sessions.copied(Sessions.called(session))

    @action
    def steal(session: Session, chain: Chain) -> None:
        """The adversary begins {session} in the name of the caller, whose identity key it has copied."""
        _can_begin(session, chain)
        when(identity_copied=Sessions.copied(Sessions.caller(session)))
        Sessions.begun[chain] = True
        Sessions.bare[session] = True
        Sessions.stolen[session] = True
        Sessions.leaked[:] = lambda each: Sessions.leaked(each) | (Sessions.within(each) == session)

    @action
    def seal(note: Note, chain: Chain) -> None:
        """The author of {note} seals it in {chain}, in which it sends."""
        author, session = Sessions.author(note), Sessions.place(note)
        own = (Sessions.by(chain) == author) & (Sessions.within(chain) == session)
        when(
            unsealed=~Sessions.sealed(note),
            sends_in_it=own & Sessions.begun(chain) & latest(chain),
            leads=Sessions.leads(author, session) | (Sessions.stolen(session) & (author == Sessions.caller(session))),
        )
        Sessions.sealed[note] = True
        Sessions.under[note, chain] = True
        Sessions.known[note] = Sessions.leaked(chain)

    @action
    def open_(note: Note, chain: Chain, answer: Chain) -> None:
        """The server gives {note}, sealed in {chain}, to the other end, which opens it and answers in {answer}."""
        session = Sessions.within(chain)
        receiver = receiver_of(chain)
        when(
            made=Sessions.under(note, chain),
            answered_in=Sessions.next(chain, answer),
            honest=~(Sessions.stolen(session) & (receiver == Sessions.caller(session))),
        )
        require(
            fresh=~Sessions.opened(note),
            prekey_there=Sessions.answered(session)
            | every(Prekey, lambda prekey: implies(Sessions.uses(session, prekey), ~Sessions.spent(prekey))),
        )
        Sessions.opened_twice[note] = Sessions.opened(note)
        Sessions.opened[note] = True
        Sessions.begun[answer] = True
        Sessions.answered[session] = True
        Sessions.spent[:] = lambda prekey: Sessions.spent(prekey) | Sessions.uses(session, prekey)
        _leads(receiver, session)

    @action
    def snapshot(copy: Copy) -> None:
        """The adversary takes {copy}: all that its original stores now."""
        end = Sessions.original(copy)
        when(not_yet=~Sessions.taken(copy))
        Sessions.taken[copy] = True
        Sessions.copied[end] = True
        Sessions.prekey_copied[:] = lambda prekey: (
            Sessions.prekey_copied(prekey) | ((Sessions.owner(prekey) == end) & ~Sessions.spent(prekey))
        )
        Sessions.copied_since[:] = lambda chain: (
            Sessions.copied_since(chain) | (Sessions.begun(chain) & (Sessions.by(chain) == end))
        )
        Sessions.leaked[:] = lambda chain: Sessions.leaked(chain) | sends_in(end, chain) | receives_in(end, chain)
        Sessions.known[:] = lambda note: Sessions.known(note) | opens(end, note)


def receiver_of(chain: Any) -> Any:
    """The other end of its session."""
    session = Sessions.within(chain)
    called = Sessions.called(session)
    return either(Sessions.by(chain) == called, Sessions.caller(session), called)


def sends_in(end: Any, chain: Any) -> Formula:
    """What the end says next in this session is under this chain."""
    return (Sessions.by(chain) == end) & Sessions.begun(chain) & latest(chain)


def latest(chain: Any) -> Formula:
    """Its end has begun no later one."""

    def over(other: Any) -> Formula:
        return Sessions.before(chain, other) & (Sessions.by(other) == Sessions.by(chain)) & Sessions.begun(other)

    return every(Chain, lambda other: ~over(other))


def receives_in(end: Any, chain: Any) -> Formula:
    """With what it stores, the end opens what comes under this chain: the other's, not beyond the next answer."""
    session = Sessions.within(chain)
    missing = (end == Sessions.called(session)) & ~Sessions.answered(session) & lost_its_prekey(session)

    def turned(own: Any) -> Formula:
        return implies((Sessions.by(own) == end) & Sessions.before(own, chain), Sessions.begun(own))

    return (receiver_of(chain) == end) & every(Chain, turned) & ~missing & ~Sessions.stolen(session)


def lost_its_prekey(session: Any) -> Formula:
    """Another session has used up the one-time prekey that this one began with."""
    return ~every(Prekey, lambda prekey: implies(Sessions.uses(session, prekey), ~Sessions.spent(prekey)))


def begins_anew(end: Any, chain: Any) -> Formula:
    """The end can work the chain out from its beginning, since its signed prekey alone stands behind the session."""
    session = Sessions.within(chain)

    def not_beyond(own: Any) -> Formula:
        beyond = (Sessions.within(own) == session) & (Sessions.by(own) == end) & ~Sessions.early(own)
        return implies(beyond, ~Sessions.begun(own))

    still = Sessions.first(chain) | (Sessions.early(chain) & every(Chain, not_beyond))
    return Sessions.bare(session) & (end == Sessions.called(session)) & still


def opens(end: Any, note: Any) -> Formula:
    """With what the end stores, the ciphertext can be opened: it waits there, or its chain can be made anew."""

    def under_it(chain: Any) -> Formula:
        waits = receives_in(end, chain) & ~Sessions.opened(note)
        return Sessions.under(note, chain) & (waits | begins_anew(end, chain))

    return some(Chain, under_it)


def of_the_same_ends(one: Any, other: Any) -> Formula:
    straight = (Sessions.caller(one) == Sessions.caller(other)) & (Sessions.called(one) == Sessions.called(other))
    crossed = (Sessions.caller(one) == Sessions.called(other)) & (Sessions.called(one) == Sessions.caller(other))
    return straight | crossed


def _can_begin(session: Any, chain: Any) -> None:
    when(first_chain=Sessions.first(chain) & (Sessions.within(chain) == session), new=~Sessions.begun(chain))


def _no_session(session: Any) -> Formula:
    """The caller has no session with that end: it begins one only then."""
    caller = Sessions.caller(session)
    return every(Session, lambda other: implies(of_the_same_ends(session, other), ~Sessions.leads(caller, other)))


def _leads(end: Any, session: Any) -> None:
    """From now on the end speaks to the other in this session."""
    Sessions.leads[end, :] = lambda other: either(
        of_the_same_ends(session, other), other == session, Sessions.leads(end, other)
    )

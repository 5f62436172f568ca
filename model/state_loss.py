"""State loss: a device that starts again from an older copy of itself, and what it says then.

A device that crashed, or was set up again from a copy, is as it was when the copy was made: the chains in which it
sends have gone back, and the message keys that it has used since come next once more. So a device that starts again
trusts none of its sessions to send in: it begins new ones. What comes in the old ones it opens, as it did then.

Who begins anew is heard: nobody can tell a device that has lost its state from an adversary who has got hold of a copy,
and begins a session in its name. That is the price (KL-7): there is recovery from a loss, or healing after a copy was
stolen, never both.

`model/sessions.py` has what is said in answer, and what a copy opens. Here one end speaks, and the other listens.

Source: Cremers, Fairoze, Kiesl, Naska, "Clone Detection in Secure Messaging" (2020); Cremers, Medinger, Naska,
"Impossibility Results for Post-Compromise Security in Real-World Communication Systems" (2024); `impl/state_loss.py`.
"""

from __future__ import annotations

from typing import Any

from model.language import Formula, Module, Relation, Sort, action, either, every, implies, require, when
from model.sessions import End


class Strand(Sort):
    """A session, as far as it carries what its speaker says."""


class MessageKey(Sort):
    """A key of a strand: for one message."""


class Remark(Sort):
    """A message of one end to another: one ciphertext."""


class Save(Sort):
    """A copy that an end keeps of itself."""


class StateLoss(Module):
    """What each end believes to have used, opened and begun; what it kept of that; what really was said and heard."""

    speaker = Relation(Strand, gives=End, frozen=True)
    listener = Relation(Strand, gives=End, frozen=True)
    of = Relation(MessageKey, gives=Strand, frozen=True)
    sooner = Relation(MessageKey, MessageKey, frozen=True)  # of one strand
    author = Relation(Remark, gives=End, frozen=True)
    to = Relation(Remark, gives=End, frozen=True)
    original = Relation(Save, gives=End, frozen=True)

    begun = Relation(Strand)
    forged = Relation(Strand)  # the adversary began it, in the name of the speaker
    holds = Relation(Strand)  # the speaker has it
    doubtful = Relation(Strand)  # the speaker has started again since: it may have said more in it than it knows
    past = Relation(MessageKey)  # the speaker takes it to be used
    said = Relation(Remark)
    under = Relation(Remark, MessageKey)
    gone = Relation(MessageKey)  # the listener has opened something under it
    heard = Relation(Remark)  # the listener has it
    heard_twice = Relation(Remark)

    saved = Relation(Save)
    kept = Relation(Save, Strand)  # what was held when the copy was made
    kept_past = Relation(Save, MessageKey)  # what was past then
    kept_gone = Relation(Save, MessageKey)  # what was gone then
    kept_heard = Relation(Save, Remark)  # what was heard then

    @action
    def begin(strand: Strand) -> None:
        """The speaker, who has no session to speak in, begins {strand} with the listener's prekeys."""
        when(new=~StateLoss.begun(strand), none_to_speak_in=_trusts_none(strand))
        StateLoss.begun[strand] = True
        StateLoss.holds[strand] = True

    @action
    def steal(strand: Strand, save: Save) -> None:
        """The adversary, who has got hold of {save}, begins {strand} as its original would after a loss."""
        own = StateLoss.original(save) == StateLoss.speaker(strand)
        when(new=~StateLoss.begun(strand), there=StateLoss.saved(save), own=own)
        StateLoss.begun[strand] = True
        StateLoss.forged[strand] = True

    @action
    def say(remark: Remark, key: MessageKey) -> None:
        """The author of {remark} seals it under {key}, the next one of the session that it speaks in."""
        strand = StateLoss.of(key)
        ends = (StateLoss.author(remark) == StateLoss.speaker(strand)) & (
            StateLoss.to(remark) == StateLoss.listener(strand)
        )
        speaks = StateLoss.holds(strand) & implies(StateLoss.doubtful(strand), _trusts_none(strand))

        def in_order(other: Any) -> Formula:
            return implies(StateLoss.sooner(other, key), StateLoss.past(other))

        when(
            unsaid=~StateLoss.said(remark),
            speaks_in_it=ends & (speaks | StateLoss.forged(strand)),
            next=~StateLoss.past(key) & every(MessageKey, in_order),
        )
        require(begun_since=~StateLoss.doubtful(strand))
        StateLoss.said[remark] = True
        StateLoss.under[remark, key] = True
        StateLoss.past[key] = True

    @action
    def hear(remark: Remark, key: MessageKey) -> None:
        """The server gives {remark}, sealed under {key}, to the listener."""
        when(made=StateLoss.under(remark, key))
        require(fresh=~StateLoss.gone(key))
        StateLoss.heard_twice[remark] = StateLoss.heard(remark)
        StateLoss.heard[remark] = True
        StateLoss.gone[key] = True

    @action
    def save(save: Save) -> None:
        """The original of {save} keeps this copy of itself."""
        end = StateLoss.original(save)
        when(not_yet=~StateLoss.saved(save))
        StateLoss.saved[save] = True
        StateLoss.kept[save, :] = lambda strand: (StateLoss.speaker(strand) == end) & StateLoss.holds(strand)
        StateLoss.kept_past[save, :] = lambda key: (StateLoss.speaker(StateLoss.of(key)) == end) & StateLoss.past(key)
        StateLoss.kept_gone[save, :] = lambda key: (StateLoss.listener(StateLoss.of(key)) == end) & StateLoss.gone(key)
        StateLoss.kept_heard[save, :] = lambda remark: (StateLoss.to(remark) == end) & StateLoss.heard(remark)

    @action
    def start_again(save: Save) -> None:
        """The original of {save} starts again from it, and trusts none of its sessions to send in."""
        end = StateLoss.original(save)
        when(there=StateLoss.saved(save))
        StateLoss.holds[:] = lambda strand: either(
            StateLoss.speaker(strand) == end, StateLoss.kept(save, strand), StateLoss.holds(strand)
        )
        StateLoss.doubtful[:] = lambda strand: StateLoss.doubtful(strand) | StateLoss.kept(save, strand)
        StateLoss.past[:] = lambda key: either(
            StateLoss.kept(save, StateLoss.of(key)), StateLoss.kept_past(save, key), StateLoss.past(key)
        )
        StateLoss.gone[:] = lambda key: either(
            StateLoss.listener(StateLoss.of(key)) == end, StateLoss.kept_gone(save, key), StateLoss.gone(key)
        )
        StateLoss.heard[:] = lambda remark: either(
            StateLoss.to(remark) == end, StateLoss.kept_heard(save, remark), StateLoss.heard(remark)
        )


def of_the_same_ends(one: Any, other: Any) -> Formula:
    """Both carry what the same end says to the same other end."""
    speaker = StateLoss.speaker(one) == StateLoss.speaker(other)
    return speaker & (StateLoss.listener(one) == StateLoss.listener(other))


def _trusts_none(strand: Any) -> Formula:
    """The speaker has no session with the listener that it trusts."""

    def trusted(other: Any) -> Formula:
        return of_the_same_ends(strand, other) & StateLoss.holds(other) & ~StateLoss.doubtful(other)

    return every(Strand, lambda other: ~trusted(other))

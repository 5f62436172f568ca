"""Known limits: what the design does not give, shown and not hidden.

A limit is a claim that fails. The trace beside this file shows how; composed with an assumption, which leaves moves
out, the claim is proven for any number of anything.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path

from model.assumptions import (
    HonestAuthors,
    HonestNotices,
    HonestReceipts,
    HonestRoster,
    KeysInOrder,
    NewsAtOnce,
    NobodySpeaksForOthers,
    NobodyStartsAgain,
    NothingHeldBack,
    OneClock,
    OneSequence,
    PrekeysNeverLack,
    ReceiptsTogether,
    WrongGuesses,
)
from model.language import Module, System
from model.systems import MULTI_DEVICE
from model.trace import Trace
from properties.limits import appstate, devicelist, ephemeral, fanout, groups, pairings, receipts, sessions
from properties.property import Property

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Limit:
    """A claim that fails at `scope`, and the weakest assumption known under which it holds."""

    claim: Property
    scope: str
    assumption: type[Module]

    @property
    def id(self) -> str:
        return self.claim.id

    @property
    def assumes(self) -> str:
        """The assumption in one sentence."""
        return inspect.cleandoc(self.assumption.__doc__ or "")

    @property
    def trace(self) -> Trace:
        """A shortest way to where the claim fails."""
        return Trace.load(FOLDER / f"{self.id}.json")

    @property
    def assuming(self) -> System:
        """The protocol in a world where the assumption holds."""
        return System(self.assumption.__name__, *MULTI_DEVICE.modules, self.assumption)


LIMITS = {
    limit.id: limit
    for limit in [
        Limit(sessions.secret_without_a_prekey, "ratchet", PrekeysNeverLack),
        Limit(receipts.no_receipt_before_all_have_it, "watching", ReceiptsTogether),
        Limit(groups.keys_go_to_who_belongs, "insider", HonestRoster),
        Limit(sessions.secret_from_an_impostor, "impostor", NobodySpeaksForOthers),
        Limit(fanout.one_message_for_all, "contact", HonestAuthors),
        Limit(receipts.who_hears_that_this_is_all_has_all, "asking", HonestNotices),
        Limit(sessions.heard_in_its_own_name, "setback", NobodyStartsAgain),
        Limit(appstate.a_newcomer_is_given_the_newest, "settings", NothingHeldBack),
        Limit(pairings.no_guess_gets_anybody_in, "guessing", WrongGuesses),
        Limit(appstate.equal_versions_are_equal, "settings", OneSequence),
        Limit(ephemeral.gone_here_gone_everywhere, "fading", OneClock),
        Limit(groups.nothing_under_a_retired_key, "group", KeysInOrder),
        Limit(devicelist.nothing_by_a_former_list, "stale", NewsAtOnce),
        Limit(receipts.what_is_said_to_be_there_is_there, "asking", HonestReceipts),
    ]
}

"""Unlinking: the phone takes a companion from its list; the companion forgets all that it was.

White paper, "Unlinking"; wire.md, section 2.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from impl import lists
from impl.refusal import Refused

if TYPE_CHECKING:
    from impl.companion import Companion
    from impl.phone import Phone


def unlink(phone: Phone, key_index: int, now: int) -> bytes:
    """A list without the companion; its index is never given away again. Raises Refused."""
    check_live(phone, key_index)
    live = tuple(index for index in phone.live if index != key_index)
    view = lists.issue(phone, live, max(phone.vouched), phone.next_timestamp(now))
    lists.take(phone, phone.address.user, view)
    if key_index in phone.companions:
        phone.newcomers.pop(phone.companions[key_index], None)
    return view.signed


def withdraw(phone: Phone, noise: bytes, now: int) -> None:
    """The server knows nobody whom the approval for `noise` could reach: the seat is free again."""
    approval = phone.approvals.pop(noise)
    if approval.key_index in phone.live:
        unlink(phone, approval.key_index, now)


def forget(companion: Companion, now: int) -> None:
    """Nothing of the account stays, no message and no key: what links again is another device, which looks the same."""
    props = companion.props
    companion.store.clear()
    companion.begin_unlinked(props, now)


def check_live(phone: Phone, key_index: int) -> None:
    if key_index not in phone.live:
        raise Refused("listed", f"no live companion has key index {key_index}")

"""A phone takes its account. White paper, "Client registration"."""

from __future__ import annotations

from impl.dialogue import Flow, OneTimePrekey, RegisterPhone, ask
from impl.phone import Phone


def register(phone: Phone, now: int) -> Flow[None]:
    """From here on the account is this phone's, whoever had it before."""
    due = phone.publish(0, now)
    one_time = tuple(OneTimePrekey(each, public) for each, public in due.one_time.items())
    yield from ask(RegisterPhone(phone.address.user, due.bundle, one_time))

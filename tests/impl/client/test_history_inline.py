"""Small parts of the history go inside the message that announces them. wire.md, section 10.2."""

from __future__ import annotations

from typing import Any

import pytest

from impl.dialogue import Client as Name
from impl.dialogue import Download, Request, Upload
from impl.history import sharing
from impl.phone import Phone
from tests.impl.client.test_history import phone_of, talk, whole
from tests.impl.client.town import Town


def requests(town: Town, monkeypatch: pytest.MonkeyPatch) -> list[Request[Any]]:
    """What everybody asks the server from now on."""
    asked: list[Request[Any]] = []
    honest = town.server.answer

    def answer(client: Name, request: Request[Any]) -> Any:
        asked.append(request)
        return honest(client, request)

    monkeypatch.setattr(town.server, "answer", answer)
    return asked


def test_a_small_history_needs_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 40)
    asked = requests(town, monkeypatch)
    desktop = town.companion(phone)
    assert not any(isinstance(request, Upload | Download) for request in asked)
    assert phone.refusals == desktop.refusals == []
    whole(town, phone, desktop)


def test_what_is_too_large_lies_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 40)
    asked = requests(town, monkeypatch)
    phone_of(phone).inline_limit = 100
    desktop = town.companion(phone)
    assert any(isinstance(request, Upload) for request in asked)
    whole(town, phone, desktop)


def test_only_the_first_part_is_ever_inline(monkeypatch: pytest.MonkeyPatch) -> None:
    """WhatsApp Web looks for later ones with the server, whatever else is there."""
    town = Town()
    phone = town.phone("alice")
    talk(phone, 60)
    asked = requests(town, monkeypatch)
    desktop = town.companion(phone)
    assert sum(isinstance(request, Upload) for request in asked) == 1
    whole(town, phone, desktop)


def test_a_damaged_part_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 3)
    honest = sharing.History.encode
    damaged = iter([b"not zlib"])
    monkeypatch.setattr(sharing.History, "encode", lambda history: next(damaged, None) or honest(history))
    desktop = town.companion(phone)
    assert [refusal.check for refusal in desktop.refusals] == ["blob_intact"]
    whole(town, phone, desktop)


def test_an_inline_part_is_gone_from_the_phone_once_confirmed() -> None:
    town = Town()
    phone = town.phone("alice")
    talk(phone, 3)
    assert isinstance(phone.device, Phone)
    town.companion(phone)
    assert not phone.device.sent and not phone.device.outbox and not phone_of(phone).history_left

"""The model as pages to read: nothing of it is left out, and what is checked in is what the model says now."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.export.pages import Promise, pages
from model.language import Formula, Module, Relation, Sort, System, action, invariant, require, when
from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE

DOCS = Path(__file__).parents[3] / "docs" / "model"
PAGES = pages(MULTI_DEVICE, [Promise(each.id, each.statement, each) for each in CATALOGUE.values()])


class Lamp(Sort):
    """It is on or off."""


class Lamps(Module):
    """Lamps that burn once."""

    spare = Relation(Lamp, frozen=True)
    burnt = Relation(Lamp)  # for ever

    @action
    def burn(lamp: Lamp) -> None:
        """{lamp} burns."""
        when(in_use=~Lamps.spare(lamp))
        require(new=~Lamps.burnt(lamp))
        Lamps.burnt[lamp] = True


@invariant()
def spares_are_new(lamp: Lamp) -> Formula:
    return ~(Lamps.spare(lamp) & Lamps.burnt(lamp))


def test_a_page_says_what_there_is_who_may_do_what_and_what_is_claimed() -> None:
    promises = [Promise("B1", "Spares are new.", spares_are_new)]
    page = pages(System("lamps", Lamps), promises)["test_pages"]
    for line in [
        "| `spare` | Lamp | true or false | never changes |",
        "| `burnt` | Lamp | true or false | for ever |",
        "### test_pages.burn(lamp)",
        "*lamp* burns.",
        "| possible if | in_use | `~Lamps.spare(lamp)` |",
        "| checked | new | `~Lamps.burnt(lamp)` |",
        "Lamps.burnt[lamp] = True",
        "    burnt[burnt] -.-> do_burn",
        "    do_burn --> burnt[burnt]",
        "- **B1** Spares are new.",
    ]:
        assert line in page.splitlines()


def test_every_action_condition_relation_and_property_is_on_a_page() -> None:
    text = "\n".join(PAGES.values())
    for name, each in MULTI_DEVICE.actions.items():
        assert f"### {name}(" in text
        taken = MULTI_DEVICE.take(each, MULTI_DEVICE.arguments(each), MULTI_DEVICE.state())
        page = PAGES[name.split(".")[0]].split(f"### {name}(")[1].split("\n###")[0]
        assert [condition for condition in (*taken.when, *taken.guards) if condition not in page] == []
    for relation in MULTI_DEVICE.relations:
        assert f"| `{relation.name.split('.')[1]}` |" in PAGES[relation.name.split(".")[0]]
    assert [id for id, each in CATALOGUE.items() if each.stated and f"- **{id}** " not in text] == []


@pytest.mark.parametrize("name", PAGES)
def test_what_is_checked_in_is_what_the_model_says(name: str) -> None:
    written = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert written == PAGES[name], "write it anew: pentad export --to pages --out docs/model"

"""`pentad explain`: a property with the conditions that its proof needs."""

from __future__ import annotations

from tests.pentad.said import Run


def test_an_explanation_says_what_the_proof_needs(run: Run) -> None:
    said = run("explain", "l4")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "L4  A companion joins only the account whose phone scanned it, once per secret."
    assert "for every companion: Device" in lines
    assert "    scanned = Linking.scanned(user, companion) | Compromise.knows_secret(companion)" in lines
    assert any(line.split() == ["*", "linking.confirm.linking_secret", "require"] for line in lines)
    assert not any("history." in line for line in lines)

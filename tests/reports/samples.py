"""Small evidence that the tests read, change and break."""

from __future__ import annotations

from typing import Any

from reports.evidence import Evidence, Finding, NotChecked, PropertyInfo, Result, Run, Table

PROPERTIES = [
    PropertyInfo("L1", "A list names at most four companions.", "announcement", "N", "always", "Linking"),
    PropertyInfo("D2", "A view never goes back.", "white paper, device lists", "N", "step", "Device lists"),
    PropertyInfo("W1", "Any bytes: a value or a clear error.", "CVE-2019-3568", "N", "always", "Wire"),
]


def rollback() -> dict[str, Any]:
    """An older signed list replaces a newer one."""
    return {
        "pentad": 1,
        "system": "multi_device",
        "property": "D2",
        "scope": {"users": 2, "devices": 3},
        "seed": 7,
        "found_by": "conform",
        "participants": ["alice.phone", "alice.web", "bob.phone"],
        "steps": [
            {
                "do": "linking.scan",
                "with": {"phone": "alice.phone", "companion": "alice.web"},
                "expect": "accepted",
                "actor": "alice.phone",
                "other": "alice.web",
                "says": "alice.phone scans the QR of alice.web.",
                "changes": ["linking.vouched(alice, alice.web): false -> true"],
            },
            {
                "do": "linking.scan",
                "with": {"phone": "bob.phone", "companion": "alice.web"},
                "expect": "refused",
                "by": ["qr_shown"],
                "actor": "bob.phone",
                "other": "alice.web",
                "says": "bob.phone scans the QR of alice.web.",
                "changes": [],
            },
            {
                "do": "devicelist.sign",
                "with": {"phone": "alice.phone", "list": "alice.2"},
                "expect": "accepted",
                "actor": "alice.phone",
                "other": None,
                "says": "alice.phone signs the list alice.2.",
            },
            {
                "do": "devicelist.show",
                "with": {"device": "bob.phone", "user": "alice", "list": "alice.1"},
                "expect": "refused",
                "by": ["not_older"],
                "got": "accepted",
                "actor": "bob.phone",
                "other": None,
                "says": "The server shows bob.phone the list alice.1.",
                "changes": ["devicelist.view(bob.phone, alice): alice.2 -> alice.1"],
            },
        ],
    }


def proved() -> Evidence:
    """Two proofs, nothing else."""
    return Evidence(
        tool_version="0.1.0",
        command="pentad prove --seed 7",
        started="2026-01-02T03:04:05Z",
        seconds=2.5,
        seed=7,
        versions={"python": "3.12.4", "z3": "4.13.0"},
        properties=PROPERTIES[:2],
        results=[
            Result("L1", "prove", "holds", "unbounded", {"obligations": 12}, 0.25, "Inductive.", ["No forgery."]),
            Result("D2", "prove", "holds", "unbounded", {"obligations": 9}, 0.5, "Inductive.", ["No forgery."]),
        ],
        runs=[Run("prove", None, "unbounded", 2.0, {"obligations": 21})],
        not_checked=[NotChecked("Calls", "The model has no calls yet.")],
    )


def found() -> Evidence:
    """One run of every engine but explore, with every verdict and both kinds of counterexample."""
    proofs = proved()
    return Evidence(
        tool_version="0.1.0",
        command="pentad check --seed 7",
        started="2026-01-02T03:04:05Z",
        seconds=3725.0,
        seed=7,
        versions=proofs.versions,
        properties=PROPERTIES,
        results=[
            proofs.results[0],
            Result("D2", "prove", "unknown", "unbounded", {}, 30.0, "z3 gave up: timeout."),
            Result(
                "D2",
                "conform",
                "violated",
                "20,000 steps",
                {"steps": 20000},
                61.0,
                "An older list is accepted.",
                finding="conform-1",
            ),
            Result("L1", "conform", "not_checked", "20,000 steps", detail="The peer cannot link."),
            Result(
                "W1",
                "fuzz",
                "violated",
                "1,000 inputs",
                {"inputs": 1000},
                5.0,
                "A decoder raised.",
                finding="qr-1",
            ),
        ],
        runs=[
            *proofs.runs,
            Run(
                "conform",
                7,
                "20,000 steps",
                61.0,
                {"steps": 20000},
                [
                    Table(
                        "Guard coverage",
                        ["guard", "reached", "refused alone"],
                        [["linking.scan: qr_shown", 1204, 31], ["devicelist.show: not_older", 310, None]],
                    )
                ],
            ),
            Run("fuzz", 7, "1,000 inputs", 5.0, {"inputs": 1000}),
        ],
        findings=[
            Finding(
                "conform-1",
                "conform",
                "D2",
                "An older signed list replaces a newer one",
                trace=rollback(),
                explanation=["The device compares the signature and forgets the epoch."],
                flaw="KF-11",
            ),
            Finding("qr-1", "fuzz", "W1", "An unfinished escape raises IndexError", input="322540" * 7),
        ],
        not_checked=proofs.not_checked,
    )

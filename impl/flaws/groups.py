"""Flaws of groups."""

from impl.flaws.flaw import Flaw, dropped
from impl.groups import membership, receiving, sending, state

FLAWS = (
    Flaw(
        id="KF-36",
        where="groups",
        change="The sender key is not renewed after a member leaves.",
        source="white paper, group messages; Balbas, Collins, Gajland 2023",
        breaks=("G2",),
        needs="M R",
        owner=membership,
        name="retire_key",
        flawed=dropped,
    ),
    Flaw(
        id="KF-37",
        where="groups",
        change="The sender key is not renewed after a member's companion is unlinked.",
        source="Albrecht, Dowling, Jones 2025",
        breaks=("G2",),
        needs="R",
        owner=sending,
        name="retire_if_known_outside",
        flawed=dropped,
    ),
    Flaw(
        id="KF-38",
        where="groups",
        change="A sender key is accepted from a device outside the group.",
        source="CVE-2022-39246 to -39251 (Matrix) by analogy",
        breaks=("G4", "G1"),
        needs="C N",
        owner=receiving,
        name="check_member",
        flawed=dropped,
    ),
    Flaw(
        id="KF-39",
        where="groups",
        change="The signature of a group message is not verified.",
        source="sender keys",
        breaks=("G4",),
        needs="M N",
        owner=state,
        name="check_signature",
        flawed=dropped,
    ),
)

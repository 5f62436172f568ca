"""How long proofs take: the whole catalogue, each property alone, and the conditions that they need."""

from __future__ import annotations

import time

from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.proofs.necessity import needs
from properties.proofs.prove import prove

SLOWEST = 5


def main() -> None:
    """Prints a line a run; obligations of properties that share lemmas are discharged once."""
    began = time.perf_counter()
    proofs = prove(MULTI_DEVICE, CATALOGUE.values())
    together = time.perf_counter() - began
    discharges = {d.obligation: d for proof in proofs for d in proof.discharges}
    solved = sum(d.verdict == "proven" for d in discharges.values())
    print(f"{len(proofs)} properties, {len(discharges):,} obligations, {solved} by the solver: {together:.1f} s")
    began = time.perf_counter()
    found = needs(MULTI_DEVICE, CATALOGUE.values())
    used = sum(bool(need.claims) for need in found)
    print(f"{used} of {len(found)} conditions needed: {time.perf_counter() - began:.1f} s")
    print(f"\n{'slowest obligations':<40}{'seconds':>8}")
    for discharge in sorted(discharges.values(), key=lambda d: -d.seconds)[:SLOWEST]:
        print(f"{discharge.obligation:<40}{discharge.seconds:>8.3f}")


if __name__ == "__main__":
    main()

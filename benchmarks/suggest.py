"""How many lemmas come back: each of eight is forgotten in turn, and `suggest` looks for what is missing."""

from __future__ import annotations

import time

from model.systems import MULTI_DEVICE
from properties.catalogue import CATALOGUE
from properties.lemmas import common as lemmas
from properties.proofs.suggest import forget, suggest

TRIAL = (
    ("L3", lemmas.who_signs_owns),
    ("D3", lemmas.every_view_is_signed),
    ("F4", lemmas.a_sealed_message_was_sent),
    ("F8", lemmas.a_received_message_was_sealed),
    ("L4", lemmas.a_secret_is_shared_by_the_phone_that_read_it),
    ("L5", lemmas.nobody_vouches_for_a_rogue),
    ("H5", lemmas.what_is_imported_was_announced),
    ("F9", lemmas.what_is_known_was_sent),
)


def main() -> None:
    """Prints a line a lemma: whether it was missed, and the first candidate with which the proof goes through."""
    recovered = 0
    for id, lemma in TRIAL:
        began = time.perf_counter()
        found = suggest(MULTI_DEVICE, forget(CATALOGUE[id], lemma), enough=1)
        recovered += bool(found.candidates)
        first = found.candidates[0].name if found.candidates else "nothing found" if found.failing else "not missed"
        print(f"{id:<4}{lemma!s:<46}{found.tried:>4} tried {time.perf_counter() - began:>6.1f} s  {first}", flush=True)
    print(f"{recovered} of {len(TRIAL)} recovered")


if __name__ == "__main__":
    main()

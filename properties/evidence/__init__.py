"""What the engines found out, as evidence (`reports.evidence`, docs/evidence.md)."""

from properties.evidence.explorations import of_exploration
from properties.evidence.part import Part, evidence
from properties.evidence.proofs import of_proofs

__all__ = ["Part", "evidence", "of_exploration", "of_proofs"]

"""What the engines found out, as evidence (`reports.evidence`, docs/evidence.md)."""

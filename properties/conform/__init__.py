"""conform: the implementation does what the model does, step by step, under an active attacker."""

from properties.conform.engine import Conformance, Finding, Replayed, conform, replay

__all__ = ["Conformance", "Finding", "Replayed", "conform", "replay"]

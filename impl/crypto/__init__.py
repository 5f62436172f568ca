"""Primitives in the form that the protocol uses, by libraries of good standing. wire.md, sections 1 and 12.1."""

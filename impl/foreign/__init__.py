"""Implementations by other people, each in its own environment and its own process, to be compared with ours.

A folder holds each one's locked versions and what drives it: `shim` calls its functions, `client` runs it whole.
`python -m impl.foreign install` makes the environments; `process` talks to what runs in them. Source: peers.md.
"""

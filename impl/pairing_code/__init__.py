"""Linking by eight-character code: instead of scanning a QR text, the phone is told a code that the companion shows.

`pair-code.go` of tulir/whatsmeow, `companion-host.ts` of zapo. Both sides are functions from a value to the next:
`companion` and `primary` name the stages, a refusal leaves the former value in force.
"""

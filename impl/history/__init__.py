"""The history of a phone's conversations for its companions: in parts after linking, and older messages on demand.

White paper, "Message history synchronisation"; wire.md, section 10.
"""

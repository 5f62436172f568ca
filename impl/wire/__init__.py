"""Every format, and no decision: what is read is a value or a DecodeError, within limits. wire.md, section 14.

Modules `*_pb2` in `pb/` are generated; nothing beyond this package sees a protobuf, but for app state actions.
"""

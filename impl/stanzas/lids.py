"""Hidden names (LIDs), which some clients insist on: here a telephone number with a digit in front, and hiding nothing.

wire.md, sections 5.1 and 5.5. Real servers draw them; ours need no memory to know whom one stands for. They never
stand for a user in messages: whoever has a session with a number keeps it.
"""

from impl.wire.errors import DecodeError

_MARK = "9"
_LONGEST = 32


def lid_of(user: str) -> str:
    """The LID of an account, without its server."""
    return _MARK + user


def user_of(lid: str) -> str:
    """The account behind a LID. DecodeError for one that we never gave out."""
    if not lid.startswith(_MARK) or len(lid) < 2 or len(lid) > _LONGEST:
        raise DecodeError(f"no such LID: {lid[:40]!r}", "LID")
    return lid.removeprefix(_MARK)

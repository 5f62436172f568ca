"""Which functions of which peer are held against ours: the rows and columns of the table in docs/interop.md."""

from impl.foreign.environment import PEERS

AREAS: dict[str, tuple[str, tuple[str, ...]]] = {
    "nodes": ("binary nodes", ("baileys", "pyaileys", "waeys", "pywhats")),
    "participants": ("participant hash", ("baileys", "pyaileys", "waeys")),
    "signatures": ("keys and signatures", tuple(PEERS)),
    "pairing": ("linking, the companion's side", ("baileys", "pyaileys", "waeys", "pywhats")),
    "sessions": (
        "sessions",
        ("libsignal", "libsignal_js", "pyaileys", "waeys", "pywhats", "signal_python"),
    ),
    "senderkeys": ("sender keys", ("baileys", "libsignal", "pyaileys", "waeys", "pywhats")),
    "appstate": ("app state", ("baileys", "pyaileys", "pywhats", "waeys")),
    "history": ("history blobs", ("baileys", "pyaileys", "waeys", "pywhats")),
    "media": ("media files", ("baileys", "pyaileys", "waeys", "pywhats")),
    "noise": ("Noise, the client's side", ("baileys", "pyaileys", "waeys", "pywhats", "signal_python")),
    "security_code": ("security code", ("libsignal",)),
}
"""By the name of the test module: the row, and the peers that have such functions; others have none."""


def of(area: str) -> tuple[str, ...]:
    return AREAS[area][1]

"""What WAeys asks its application to keep: credentials, and keys by kind and identity."""

import pickle
from pathlib import Path
from typing import Any

from WAeys.Utils.auth_utils import init_auth_creds


class Items(dict[str, Any]):
    """What a key store gives out. Identities are asked for as text, and taken out as numbers."""

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(str(key))


class State:
    """All of it in one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.creds: dict[str, Any]
        self._keys: dict[str, dict[str, Any]]
        if path.exists():
            self.creds, self._keys = pickle.loads(path.read_bytes())
        else:
            self.creds, self._keys = init_auth_creds(), {}

    def save(self) -> None:
        self._path.write_bytes(pickle.dumps((self.creds, self._keys)))

    async def get(self, kind: str, ids: list[str]) -> Items:
        kept = self._keys.get(kind, {})
        return Items({str(each): kept[str(each)] for each in ids if str(each) in kept})

    async def set(self, data: dict[str, dict[Any, Any]]) -> None:
        for kind, items in data.items():
            kept = self._keys.setdefault(kind, {})
            for each, value in items.items():
                if value is None:
                    kept.pop(str(each), None)
                else:
                    kept[str(each)] = value
        self.save()

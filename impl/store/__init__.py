"""What a device or a server keeps: tables of typed values, changed by transactions that happen as a whole."""

from impl.store.errors import StoreError
from impl.store.memory import MemoryStore
from impl.store.schema import Keeper, Maybe, Table, Value, atomic
from impl.store.sqlite import SqliteStore
from impl.store.store import Rows, Store

__all__ = ["Keeper", "Maybe", "MemoryStore", "Rows", "SqliteStore", "Store", "StoreError", "Table", "Value", "atomic"]

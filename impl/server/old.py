"""The honest server: a directory, mailboxes that receipts empty, and a blob store. It sees no plaintext."""

from collections import defaultdict
from collections.abc import Iterable

from impl.address import Address
from impl.sessions import PrekeyBundle
from impl.stanza import Stanza


class Server:
    """Lookups raise KeyError for what nobody has published."""

    def __init__(self) -> None:
        self.bundles: dict[Address, PrekeyBundle] = {}
        self.lists: dict[str, bytes] = {}
        self._mail: defaultdict[Address, list[Stanza]] = defaultdict(list)
        self._blobs: dict[str, bytes] = {}

    def publish(self, address: Address, bundle: PrekeyBundle) -> None:
        self.bundles[address] = bundle

    def publish_list(self, user: str, signed_list: bytes) -> None:
        self.lists[user] = signed_list

    def submit(self, stanzas: Iterable[Stanza]) -> None:
        for stanza in stanzas:
            self._mail[stanza.recipient].append(stanza)

    def mailbox(self, address: Address) -> list[Stanza]:
        """What waits for a device, oldest first."""
        return list(self._mail[address])

    def acknowledge(self, address: Address, stanza_id: str, sender: Address) -> None:
        """The device has it: nothing of it stays here."""
        self._mail[address] = [
            stanza for stanza in self._mail[address] if (stanza.id, stanza.sender) != (stanza_id, sender)
        ]

    def put_blob(self, path: str, blob: bytes) -> None:
        self._blobs[path] = blob

    def get_blob(self, path: str) -> bytes:
        return self._blobs[path]

    def has_blob(self, path: str) -> bool:
        return path in self._blobs

    def delete_blob(self, path: str) -> None:
        self._blobs.pop(path, None)

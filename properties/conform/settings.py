"""App state in a world: keys as they were drawn and sent, patches as they were written, and forgeries of both.

A patch pins a chat that bears its name, so that every patch leaves one record that no other touches.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from impl.address import PHONE, chat_jid
from impl.appstate.actions import Dated, Pin
from impl.appstate.collection import Collection, hash_after, patch_code, snapshot_code
from impl.appstate.keys import MutationKeys
from impl.appstate.kinds import write
from impl.appstate.mutation import Entry, encrypt
from impl.appstate.writing import make_snapshot
from impl.crypto import lthash
from impl.refusal import Refused
from impl.stanza import Stanza
from impl.wire import content
from impl.wire.actiondata import ActionData
from impl.wire.adv import SignedKeyIndexList
from impl.wire.appstate import CollectionName, KeyId, Mutation, Operation, Patch, Snapshot
from impl.wire.content import KeyShare, SyncKey
from model.kinds import PatchSpec, SyncKeySpec
from properties.conform.adversary import opened

if TYPE_CHECKING:
    from properties.conform.world import World

NAME = CollectionName.REGULAR_LOW
FOREIGN_EPOCH = 1000  # keys of the adversary's are of this epoch or later
MAC_SIZE = KEY_SIZE = 32


class Settings:
    """Keys, peer messages that bring them, and patches, by the names of the scope."""

    def __init__(self, world: World) -> None:
        self.world = world
        more = world.scope.more
        self.key_specs: dict[str, SyncKeySpec] = {row.name: row for row in more["sync_keys"]}
        self.specs: dict[str, PatchSpec] = {row.name: row for row in more["patches"]}
        self.keys: dict[str, SyncKey] = {}  # those that were drawn
        self.messages: dict[tuple[str, str], Stanza] = {}  # by companion and newest key in it
        self.contents: dict[tuple[str, str], set[str]] = {}  # the keys in such a message
        self.patches: dict[str, Patch] = {}

    def share(self, phone: str, key: str) -> None:
        """The phone shares its keys; one that is new gets this name."""
        device = self.world.phone(phone)
        known = set(device.sent)
        device.share_keys(self.world.now)
        for drawn in device.sync_keys.values():
            if drawn not in self.keys.values():
                self.keys[key] = drawn
        for message_id in device.sent.keys() - known:
            shared = content.decode(device.sent[message_id].content).body
            (stanza,) = device.outbox[message_id].stanzas
            companion = self.world.name_at(stanza.recipient)
            assert isinstance(shared, KeyShare) and companion is not None
            self.messages[companion, key] = stanza
            self.contents[companion, key] = {self.name_of(each) for each in shared.keys}

    def counterfeit(self, key: str, companion: str) -> None:
        """The adversary draws a key, and sends it in the name of a device that it runs or speaks for."""
        maker = self.key_specs[key].maker
        self.keys.setdefault(key, self._of_adversary(key, maker))
        message_id = f"3EB0{self.world.entropy(9).hex().upper()}"
        share = KeyShare((self.keys[key],))
        self.messages[companion, key] = self.world.adversary.seal(maker, companion, share, message_id, "peer")
        self.contents[companion, key] = {key}

    def _of_adversary(self, key: str, maker: str) -> SyncKey:
        """Made out for the first list of its account."""
        first = SignedKeyIndexList.decode(self.world.lists[f"{self.world.specs[maker].owner}.0"]).list
        return SyncKey(
            KeyId(PHONE, FOREIGN_EPOCH + list(self.key_specs).index(key)).encode(),
            self.world.entropy(KEY_SIZE),
            first.raw_id,
            first.current_index,
            first.valid_indexes,
        )

    def message(self, companion: str, key: str) -> Stanza:
        """The peer message that brings the key, or noise."""
        maker = self.key_specs[key].maker
        noise = self.world.adversary.noise(maker, companion, "3EB0", "peer")
        return self.messages.get((companion, key), noise)

    def name_of(self, key: SyncKey) -> str:
        return next(name for name, known in self.keys.items() if known == key)

    def action(self, patch: str) -> ActionData:
        """What the patch sets."""
        return write(Dated(self._pin(patch), self.world.now * 1000))

    def _pin(self, patch: str) -> Pin:
        return Pin(chat_jid(patch.replace(" ", "")), True)

    def before(self, patch: str) -> list[str]:
        """The patches that it follows, the first one first."""
        after = self.specs[patch].after
        return [*self.before(after), after] if after else []

    def version(self, patch: str) -> int:
        return len(self.before(patch)) + 1

    def write(self, patch: str) -> None:
        """Its author wishes, proposes, and applies what the server takes. Raises Refused "proposed" if it does not."""
        author = self.world.device(self.specs[patch].author)
        author.intend(self._pin(patch), Operation.SET, self.world.now)
        proposed = author.propose(NAME)
        if proposed is None:
            with author.store.transaction():
                del author.intents[NAME, self.action(patch).index]
                author.settings.pop(self.action(patch).parts, None)
            raise Refused("proposed", f"{self.specs[patch].author} writes with no key that somebody left with")
        author.take_patch(NAME, proposed)
        self.patches[patch] = proposed

    def patch(self, patch: str) -> Patch:
        """As it was written; if it was not, what the adversary makes up without a key."""
        if patch in self.patches:
            return self.patches[patch]
        key_id = self._key_id(patch)
        guessed = MutationKeys.derive(self.world.entropy(KEY_SIZE))
        mutation = encrypt(Operation.SET, self.action(patch), key_id, guessed, self.world.entropy(16))
        codes = self.world.entropy(MAC_SIZE), self.world.entropy(MAC_SIZE)
        return Patch(self.version(patch), (mutation,), *codes, key_id)

    def snapshot(self, patch: str) -> Snapshot:
        """What the server makes of the patches up to this one; of one that was not written, what it makes up."""
        base = None
        for version, each in enumerate([*self.before(patch), patch], 1):
            base = make_snapshot(base, self.patch(each), version)
        assert base is not None
        return base

    def _key_id(self, patch: str) -> KeyId:
        key = self.keys.get(self.specs[patch].key)
        return KeyId.decode(key.id) if key else KeyId(PHONE, FOREIGN_EPOCH - 1)

    def forge(self, patch: str, insider: str) -> None:
        """Written after what the server has, which anybody can sum up, with a key that was copied."""
        key_id = KeyId.decode(self.keys.setdefault(*self._own_key(patch, insider)).id)
        keys = MutationKeys.derive(self._copied(patch, insider))
        mutation = encrypt(Operation.SET, self.action(patch), key_id, keys, self.world.entropy(16))
        state = Collection(NAME, self.version(patch) - 1, *self._public(patch))
        after = replace(state, version=state.version + 1, hash=hash_after(state, (mutation,)))
        snapshot_mac = snapshot_code(after, keys)
        code = patch_code(after, snapshot_mac, (mutation,), keys)
        self.patches[patch] = Patch(after.version, (mutation,), snapshot_mac, code, key_id)

    def _own_key(self, patch: str, insider: str) -> tuple[str, SyncKey]:
        """A key that a rogue device draws when it is first needed."""
        key = self.specs[patch].key
        return key, self.keys.get(key) or self._of_adversary(key, insider)

    def _copied(self, patch: str, insider: str) -> bytes:
        """The key as the insider stores it, or as it opens the message that brings it."""
        key = self.keys[self.specs[patch].key]
        device = self.world.peek(insider)
        found = {known.id: known.data for known in device.sync_keys.values()}
        for (companion, _), stanza in self.messages.items():
            if companion == insider and (read := opened(device, stanza, device.records.get(stanza.sender))):
                body = read[1]
                assert isinstance(body, KeyShare)
                found |= {known.id: known.data for known in body.keys}
        if self.key_specs[self.specs[patch].key].maker == insider:
            found[key.id] = key.data
        data = found[key.id]
        assert data is not None
        return data

    def _public(self, patch: str) -> tuple[bytes, dict[bytes, Entry]]:
        """Hash and value MACs of the state that it follows: all there for the server to see."""
        if not self.before(patch):
            return lthash.EMPTY, {}
        records = self.snapshot(self.before(patch)[-1]).records
        nothing = self.action(patch)
        held = {each.index_mac: Entry(each.value_mac, each.key_id, nothing) for each in records}
        return lthash.add(lthash.EMPTY, (each.value_mac for each in records)), held

    def record_of(self, patch: str) -> Mutation | None:
        """The mutation that sets what the patch is for."""
        index = self.action(patch).index
        made = self.patches.get(patch)
        key = self.keys.get(self.specs[patch].key)
        if made is None or key is None or key.data is None:
            return None
        code = MutationKeys.derive(key.data).index_code(index)
        return next((each for each in made.mutations if each.record.index_mac == code), None)

"""The honest server's decisions, one method a request. wire.md, sections 2 to 13; ours where that is silent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from time import time
from typing import Any

from msgspec.structs import replace

from impl import dialogue as ask
from impl.address import PHONE, Address
from impl.calls import Signal
from impl.dialogue import Accepted, Client, Declined, Done, OneTimePrekey, Receipt, Request
from impl.kinds import DeviceProps
from impl.participants import participant_hash
from impl.server.blobs import Blobs
from impl.server.collections import Collections
from impl.server.directory import Directory
from impl.server.groups import Groups
from impl.server.linking import Linking
from impl.server.logins import Logins
from impl.server.mailboxes import Mailboxes
from impl.server.pairings import Pairings
from impl.server.profiles import Profiles
from impl.sessions import PrekeyBundle
from impl.stanza import RetryRequest
from impl.store import MemoryStore, Store, atomic
from impl.wire.pairing_code import CompanionFinish, PrimaryHello

FEW_PREKEYS = 5

PhonesAlone = ask.ApproveLinking | ask.AnswerPairing | ask.PublishList | ask.StoreBackup | ask.FetchBackup


class Server:
    """`store` holds all that it keeps, in memory unless told; `clock` has the time in seconds."""

    def __init__(self, store: Store | None = None, clock: Callable[[], int] = lambda: int(time())) -> None:
        self.store: Store = store or MemoryStore()
        self.mailboxes = Mailboxes(self.store, clock)
        self.directory = Directory(self.store)
        self.linking = Linking(self.store, self.directory, self.mailboxes)
        self.logins = Logins(self.store, self.directory, self.linking)
        self.pairings = Pairings(self.store, self.directory, self.mailboxes)
        self.blobs = Blobs(self.store, clock)
        self.profiles = Profiles(self.store)
        self.groups = Groups(self.store, self.directory, self.mailboxes, self.profiles, clock)
        self.collections = Collections(self.store, self.blobs)

    @atomic
    def answer(self, client: Client, request: Request[Any]) -> Any:
        """What this client gets for this request. Raises Declined, and then nothing has changed."""
        match request:
            case ask.Acknowledge(entries):
                return self.acknowledge(client, entries)
            case ask.RegisterPhone(user, bundle, one_time):
                if isinstance(client, bytes):  # on the wire, a Noise key is all that tells who connects
                    self.logins.phones[Address(user, PHONE)] = client
                return self.register_phone(user, bundle, one_time)
            case ask.Upload(path, blob):
                return self.blobs.upload(path, blob)
            case ask.Download(path):
                return self.blobs.download(path)
            case ask.DeleteBlob(path):
                return self.blobs.delete(path)
            case _ if isinstance(client, bytes):
                return self._answer_nobody(client, request)
            case _ if isinstance(request, PhonesAlone):
                return self._answer_phone(client, request)
            case _:
                return self._answer_device(client, request)

    def _answer_nobody(self, noise: bytes, request: Request[Any]) -> Any:
        """A companion that belongs to no account."""
        match request:
            case ask.AskReference(props):
                return self.ask_reference(noise, props)
            case ask.AskPairing():
                return self.ask_pairing(noise, request)
            case ask.FinishPairing(finish):
                return self.finish_pairing(noise, finish)
            case ask.ConfirmLinking(device_identity):
                return self.confirm_linking(noise, device_identity)
            case _:
                raise Declined(401, "this client belongs to no account")

    def _answer_phone(self, phone: Address, request: PhonesAlone) -> Any:
        if phone.device != PHONE:
            raise Declined(403, f"{type(request).__name__} is for phones")
        match request:
            case ask.ApproveLinking():
                return self.approve_linking(phone, request)
            case ask.AnswerPairing(hello):
                return self.answer_pairing(phone, hello)
            case ask.PublishList(signed_list):
                return self.publish_list(phone, signed_list)
            case ask.StoreBackup(file):
                return self.blobs.store_backup(phone.user, file)
            case ask.FetchBackup():
                return self.blobs.fetch_backup(phone.user)

    def _answer_device(self, device: Address, request: Request[Any]) -> Any:
        """What every device of an account may ask, but for what goes to other devices."""
        match request:
            case ask.TellName(name):
                return self.profiles.tell_name(device.user, name)
            case ask.Unlink(address, signed_list):
                return self.unlink(device, address, signed_list)
            case ask.PublishPrekeys(bundle, one_time):
                return self.publish_prekeys(device, bundle, one_time)
            case ask.CountPrekeys():
                return self.directory.one_time_left(device)
            case ask.FetchDevices(users):
                return self.fetch_devices(device, users)
            case ask.FetchBundles(addresses):
                return self.fetch_bundles(addresses)
            case ask.CreateGroup(key, members, subject):
                return self.groups.create(device, key, members, subject)
            case ask.ChangeMembers(group, add, remove):
                return self.groups.change(device, group, add, remove)
            case ask.FetchGroup(group):
                return self.groups.fetch(device, group)
            case ask.FetchGroups():
                return self.groups.of(device)
            case ask.SyncCollections(collections):
                return self.sync_collections(device, collections)
            case _:
                return self._hand_on(device, request)

    def _hand_on(self, device: Address, request: Request[Any]) -> Any:
        """What one device says to others."""
        match request:
            case ask.Submit(chat=str(chat), again=False, view_once=True):
                return self.submit_view_once(device, request, chat)
            case ask.Submit():
                return self.submit(device, request)
            case ask.SubmitToGroup():
                return self.groups.submit(device, request)
            case ask.SendReceipts(receipts):
                return self.send_receipts(device, receipts)
            case ask.AskRetry(retry):
                return self.ask_retry(device, retry)
            case ask.SendMediaRetry(retry):
                return self.send_media_retry(device, retry)
            case ask.SignalCall(signal, others):
                return self.signal_call(device, (signal, *others))
            case _:
                raise Declined(403, f"{type(request).__name__} is not for this client")

    def register_phone(self, user: str, bundle: PrekeyBundle, one_time: Iterable[OneTimePrekey]) -> Done:
        """Whoever shows the account's phone number has it; companions of the former phone fall away."""
        phone = Address(user, PHONE)
        known = self.directory.bundles.get(phone)
        if known is not None and known.identity != bundle.identity:
            self._drop_account(user)
        if known is None or known.identity != bundle.identity:
            self.directory.add(phone, PHONE)
        self.directory.publish_prekeys(phone, bundle, one_time)
        return Done()

    def _drop_account(self, user: str) -> None:
        for address in self.directory.addresses(user):
            self.linking.remove(address)
        self.mailboxes.clear(Address(user, PHONE))
        self.linking.break_off(user)
        self.directory.devices.pop(user, None)
        self.collections.drop(user)
        self.profiles.drop(user)
        self.tell_watchers(user, ask.IdentityChanged(user))

    def tell_watchers(self, user: str, event: ask.AnyEvent) -> None:
        """Whoever asked for the devices of this account before, and its own devices."""
        for watcher in {user, *self.directory.watchers.get(user, ())}:
            for address in self.directory.addresses(watcher):
                self.mailboxes.post(address, event)

    def ask_reference(self, noise: bytes, props: DeviceProps) -> str:
        self.linking.register(noise, props)
        return self.linking.reference(noise)

    def ask_pairing(self, noise: bytes, request: ask.AskPairing) -> bytes:
        self.linking.register(noise, request.props)
        return self.pairings.ask(noise, request.user, request.ephemeral)

    def answer_pairing(self, phone: Address, hello: PrimaryHello) -> Done:
        self.pairings.answer(phone, hello)
        return Done()

    def finish_pairing(self, noise: bytes, finish: CompanionFinish) -> Done:
        self.pairings.finish(noise, finish)
        return Done()

    def approve_linking(self, phone: Address, request: ask.ApproveLinking) -> Address:
        address = self.linking.approve(phone, request.noise, request.container, request.key_index)
        self.directory.publish_list(phone.user, request.signed_list)
        return address

    def confirm_linking(self, noise: bytes, device_identity: bytes) -> Done:
        address = self.linking.confirm(noise, device_identity)
        if address is None:
            return Done()
        self.pairings.over(noise)
        self.tell_watchers(address.user, ask.DevicesChanged(address.user))
        return Done()

    def unlink(self, client: Address, address: Address, signed_list: bytes | None) -> Done:
        """A phone removes a companion of its account; a companion only itself."""
        if address.user != client.user or address.device == PHONE or client.device not in (PHONE, address.device):
            raise Declined(403, f"{client} may not remove {address}")
        if address in self.directory.addresses(address.user):
            self.linking.remove(address)
        if signed_list is not None and client.device == PHONE:
            self.directory.publish_list(client.user, signed_list)
        self.tell_watchers(client.user, ask.DevicesChanged(client.user))
        return Done()

    def publish_prekeys(self, client: Address, bundle: PrekeyBundle, one_time: Iterable[OneTimePrekey]) -> Done:
        if client not in self.directory.addresses(client.user):
            raise Declined(401, f"{client} is no device of its account")
        known = self.directory.bundles.get(client)
        if known is not None and known.identity != bundle.identity:
            raise Declined(401, f"{client} is another device now")
        self.directory.publish_prekeys(client, self.linking.vouched(client, bundle), one_time)
        if known is None:  # only now can anybody reach it
            self.tell_watchers(client.user, ask.DevicesChanged(client.user))
        return Done()

    def publish_list(self, client: Address, signed_list: bytes) -> Done:
        self.directory.publish_list(client.user, signed_list)
        self.tell_watchers(client.user, ask.DevicesChanged(client.user))
        return Done()

    def fetch_devices(self, client: Address, users: Iterable[str]) -> dict[str, ask.Devices]:
        for user in users:
            self.directory.watch(user, client.user)
        return {user: self.directory.lookup(user) for user in users}

    def fetch_bundles(self, addresses: Iterable[Address]) -> tuple[tuple[Address, PrekeyBundle], ...]:
        found = [(address, self.directory.bundle(address)) for address in addresses]
        for address, bundle in found:
            left = self.directory.one_time_left(address)
            if bundle is not None and bundle.one_time is not None and left == FEW_PREKEYS - 1:
                self.mailboxes.post(address, ask.PrekeysLow(left))
        return tuple((address, bundle) for address, bundle in found if bundle is not None)

    def submit(self, client: Address, request: ask.Submit) -> Accepted:
        """Delivers to the devices that exist, and says for whom there is nothing and whom nobody knows."""
        made_for = {stanza.recipient: stanza for stanza in request.stanzas}
        for_all = request.chat is not None and not request.again and not request.view_once
        wanted = self.audience(client, request.chat) if request.chat and for_all else set(made_for)
        known = {address for user in {a.user for a in made_for} for address in self.directory.addresses(user)}
        for recipient, stanza in made_for.items():
            if recipient in known and stanza.sender == client:
                said_in = request.chat if recipient.user == client.user else None
                name = None if request.chat is None else self.profiles.names.get(client.user)
                self.mailboxes.post(recipient, ask.Delivery(stanza, said_in, name))
        return accepted(client, made_for, wanted - made_for.keys(), made_for.keys() - known)

    def submit_view_once(self, client: Address, request: ask.Submit, chat: str) -> Accepted:
        """To whom it was made for; the recipient's phone must be among them, and all others learn what they lack."""
        taken = self.submit(client, request)
        made_for = {stanza.recipient for stanza in request.stanzas}
        others = self.audience(client, chat) - made_for
        missing = others & {Address(chat, PHONE)}
        for address in sorted(others - missing):
            said_in = chat if address.user == client.user else client.user
            self.mailboxes.post(address, ask.Unavailable(request.id, client, said_in))
        return accepted(client, made_for, missing, taken.extra)

    def send_media_retry(self, client: Address, retry: ask.MediaRetry) -> Done:
        """From one device of an account to another one."""
        if retry.sender == client and retry.recipient in self.directory.addresses(client.user):
            self.mailboxes.post(retry.recipient, ask.MediaRetried(retry))
        return Done()

    def signal_call(self, client: Address, signals: Iterable[Signal]) -> Done:
        """Each to a device that exists, in nobody else's name."""
        for signal in signals:
            if signal.sender == client and signal.recipient in self.directory.addresses(signal.recipient.user):
                self.mailboxes.post(signal.recipient, ask.CallSignalled(signal))
        return Done()

    def audience(self, client: Address, chat: str) -> set[Address]:
        """Every device that a message to this chat is for."""
        return {*self.directory.addresses(chat), *self.directory.addresses(client.user)} - {client}

    def send_receipts(self, client: Address, receipts: Iterable[Receipt]) -> Done:
        for receipt in receipts:
            if receipt.sender == client:
                account = self.directory.addresses(receipt.recipient.user)
                for recipient in account if receipt.everywhere else (receipt.recipient,):
                    if recipient != client or not receipt.everywhere:
                        self.mailboxes.post(
                            recipient, ask.Receipted(replace(receipt, recipient=recipient, everywhere=False))
                        )
        return Done()

    def ask_retry(self, client: Address, request: RetryRequest) -> Done:
        if request.sender == client:
            self.mailboxes.post(request.recipient, ask.RetryAsked(request))
        return Done()

    def sync_collections(
        self, client: Address, collections: Iterable[ask.CollectionAsk]
    ) -> tuple[ask.CollectionAnswer, ...]:
        """Takes patches and answers with what the device lacks; its account's other devices are told of patches."""
        others = [address for address in self.directory.addresses(client.user) if address != client]
        if len(others) == len(self.directory.addresses(client.user)):
            raise Declined(401, f"{client} is no device of its account")
        asks = tuple(collections)
        answers = tuple(self.collections.sync(client.user, each) for each in asks)
        pairs = zip(asks, answers, strict=True)
        changed = tuple(asked.name for asked, got in pairs if asked.patch is not None and got.error is None)
        for address in others:
            for name in changed:  # one at a time: some clients look at the first and no further
                self.mailboxes.post(address, ask.CollectionsChanged((name,)))
        return answers

    def acknowledge(self, client: Client, entries: Iterable[int]) -> Done:
        self.mailboxes.acknowledge(client, entries)
        return Done()


def accepted(
    sender: Address, made_for: Collection[Address], missing: Collection[Address], extra: Collection[Address]
) -> Accepted:
    """The answer to a message, with the hash of those whom the server counts if these are others."""
    counted = {sender, *made_for, *missing} - set(extra)
    phash = participant_hash(counted) if missing or extra else None
    return Accepted(tuple(sorted(missing)), tuple(sorted(extra)), phash)

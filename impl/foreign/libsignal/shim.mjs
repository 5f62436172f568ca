// The functions of libsignal (Rust), as verbs: one party of a session, sender keys, security codes.

import { serve } from '../lines.mjs'
import * as signal from '@signalapp/libsignal-client'

const { PrivateKey, PublicKey, ProtocolAddress } = signal
const peer = ProtocolAddress.new('peer', 1)
const own = ProtocolAddress.new('own', 1)
const group = '00000000-0000-4000-8000-000000000000'
const bytes = (value) => Buffer.from(value)
const typed = (key) => PublicKey.deserialize(key.length === 33 ? key : Buffer.concat([Buffer.from([5]), key]))

let identity, registrationId, signed, oneTime, session

class Sessions extends signal.SessionStore {
  saveSession = async (_, record) => void (session = record)
  getSession = async () => session ?? null
  getExistingSessions = async () => [session]
}
class Identities extends signal.IdentityKeyStore {
  getIdentityKey = async () => identity
  getLocalRegistrationId = async () => registrationId
  saveIdentity = async () => false
  isTrustedIdentity = async () => true
  getIdentity = async () => null
}
class PreKeys extends signal.PreKeyStore {
  savePreKey = async () => {}
  getPreKey = async (id) => {
    if (!oneTime || id !== oneTime.id()) throw new Error(`no prekey ${id}`)
    return oneTime
  }
  removePreKey = async () => void (oneTime = undefined)
}
class SignedPreKeys extends signal.SignedPreKeyStore {
  saveSignedPreKey = async () => {}
  getSignedPreKey = async () => signed
}
class SenderKeys extends signal.SenderKeyStore {
  constructor() {
    super()
    this.records = new Map()
  }
  saveSenderKey = async (address, _, record) => void this.records.set(address.toString(), record)
  getSenderKey = async (address) => this.records.get(address.toString()) ?? null
}
const sessions = new Sessions()
const identities = new Identities()
let senderKeys = new SenderKeys()

serve({
  sign: ({ key, message }) => bytes(PrivateKey.deserialize(key).sign(message)),
  verify: ({ key, message, signature }) => typed(key).verify(message, signature),
  agree: ({ key, other }) => bytes(PrivateKey.deserialize(key).agree(typed(other))),

  party: () => {
    identity = PrivateKey.generate()
    registrationId = 1234
    session = undefined
    const pair = PrivateKey.generate()
    const signature = identity.sign(pair.getPublicKey().serialize())
    signed = signal.SignedPreKeyRecord.new(5, 0, pair.getPublicKey(), pair, signature)
    const once = PrivateKey.generate()
    oneTime = signal.PreKeyRecord.new(9, once.getPublicKey(), once)
    return {
      registration_id: registrationId, identity: bytes(identity.getPublicKey().serialize()), signed_prekey_id: 5,
      signed_prekey: bytes(pair.getPublicKey().serialize()), signature: bytes(signature),
      one_time_id: 9, one_time: bytes(once.getPublicKey().serialize())
    }
  },
  initiate: async ({ bundle }) => {
    const taken = signal.PreKeyBundle.new(
      bundle.registration_id, 1, bundle.one_time ? bundle.one_time_id : null, bundle.one_time ? typed(bundle.one_time) : null,
      bundle.signed_prekey_id, typed(bundle.signed_prekey), bundle.signature, typed(bundle.identity)
    )
    await signal.processPreKeyBundle(taken, peer, sessions, identities)
  },
  seal: async ({ plaintext }) => {
    const sealed = await signal.signalEncrypt(plaintext, peer, sessions, identities)
    const first = sealed.type() === signal.CiphertextMessageType.PreKey
    return { type: first ? 'pkmsg' : 'msg', body: bytes(sealed.serialize()) }
  },
  open: async ({ type, body }) => {
    if (type === 'msg') return bytes(await signal.signalDecrypt(signal.SignalMessage.deserialize(body), peer, sessions, identities))
    const first = signal.PreKeySignalMessage.deserialize(body)
    return bytes(await signal.signalDecryptPreKey(first, peer, sessions, identities, new PreKeys(), new SignedPreKeys()))
  },

  forget_sender_keys: () => void (senderKeys = new SenderKeys()),
  // its frames have a distribution id of 16 bytes, which those of WhatsApp lack: so they come and go in parts
  learn: async ({ frame }) => {
    await signal.processSenderKeyDistributionMessage(peer, signal.SenderKeyDistributionMessage.deserialize(frame), senderKeys)
  },
  distribute_parts: async () => {
    const made = await signal.SenderKeyDistributionMessage.create(own, group, senderKeys)
    const parts = { id: made.chainId(), iteration: made.iteration(), chain_key: bytes(made.chainKey()) }
    return { ...parts, frame: bytes(made.serialize()) }
  },
  group_seal_parts: async ({ plaintext }) => {
    const frame = bytes((await signal.groupEncrypt(own, group, senderKeys, plaintext)).serialize())
    const made = signal.SenderKeyMessage.deserialize(frame)
    return { id: made.chainId(), iteration: made.iteration(), ciphertext: bytes(made.ciphertext()), frame }
  },
  learn_parts: async ({ id, iteration, chain_key, signing_key }) => {
    const told = signal.SenderKeyDistributionMessage._new(3, group, id, iteration, chain_key, typed(signing_key))
    await signal.processSenderKeyDistributionMessage(peer, told, senderKeys)
  },
  group_open_parts: async ({ id, iteration, ciphertext, signing_private }) => {
    const made = signal.SenderKeyMessage._new(3, group, id, iteration, ciphertext, PrivateKey.deserialize(signing_private))
    return bytes(await signal.groupDecrypt(peer, senderKeys, made.serialize()))
  },

  security_code: ({ own, own_key, other, other_key }) => {
    const code = signal.Fingerprint.new(5200, 1, Buffer.from(own), typed(own_key), Buffer.from(other), typed(other_key))
    return { digits: code.displayableFingerprint().toString(), qr: bytes(code.scannableFingerprint().toBuffer()) }
  }
})

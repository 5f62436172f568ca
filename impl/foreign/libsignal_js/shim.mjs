// The functions of libsignal in JavaScript, as verbs: one party of a session.

import { serve } from '../lines.mjs'
import libsignal from 'libsignal'

const { ProtocolAddress, SessionBuilder, SessionCipher, SessionRecord, curve, keyhelper } = libsignal
const peer = new ProtocolAddress('peer', 1)
const bytes = (value) => Buffer.from(value)
const typed = (key) => (key.length === 33 ? key : Buffer.concat([Buffer.from([5]), key]))

let identity, registrationId, signed, oneTime, session

const storage = {
  loadSession: async () => session && SessionRecord.deserialize(session),
  storeSession: async (_, record) => void (session = record.serialize()),
  isTrustedIdentity: () => true,
  loadPreKey: async (id) => oneTime && id === oneTime.keyId ? oneTime.keyPair : undefined,
  removePreKey: async () => void (oneTime = undefined),
  loadSignedPreKey: async () => signed.keyPair,
  getOurRegistrationId: async () => registrationId,
  getOurIdentity: async () => identity
}

serve({
  sign: ({ key, message }) => bytes(curve.calculateSignature(key, message)),
  verify: ({ key, message, signature }) => {
    try {
      return curve.verifySignature(typed(key), message, signature) ?? true
    } catch {
      return false
    }
  },
  agree: ({ key, other }) => bytes(curve.calculateAgreement(typed(other), key)),

  party: () => {
    identity = keyhelper.generateIdentityKeyPair()
    registrationId = keyhelper.generateRegistrationId()
    signed = keyhelper.generateSignedPreKey(identity, 5)
    oneTime = keyhelper.generatePreKey(9)
    session = undefined
    return {
      registration_id: registrationId, identity: bytes(identity.pubKey), signed_prekey_id: 5,
      signed_prekey: bytes(signed.keyPair.pubKey), signature: bytes(signed.signature),
      one_time_id: 9, one_time: bytes(oneTime.keyPair.pubKey)
    }
  },
  initiate: async ({ bundle }) => {
    await new SessionBuilder(storage, peer).initOutgoing({
      registrationId: bundle.registration_id,
      identityKey: typed(bundle.identity),
      signedPreKey: { keyId: bundle.signed_prekey_id, publicKey: typed(bundle.signed_prekey), signature: bundle.signature },
      preKey: bundle.one_time ? { keyId: bundle.one_time_id, publicKey: typed(bundle.one_time) } : undefined
    })
  },
  seal: async ({ plaintext }) => {
    const { type, body } = await new SessionCipher(storage, peer).encrypt(plaintext)
    return { type: type === 3 ? 'pkmsg' : 'msg', body: Buffer.from(body, typeof body === 'string' ? 'binary' : undefined) }
  },
  open: async ({ type, body }) => {
    const cipher = new SessionCipher(storage, peer)
    return bytes(await (type === 'pkmsg' ? cipher.decryptPreKeyWhisperMessage(body) : cipher.decryptWhisperMessage(body)))
  }
})

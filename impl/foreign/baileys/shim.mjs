// The functions of Baileys, as verbs.

import { serve } from '../lines.mjs'
import { readFileSync, unlinkSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'
import {
  Curve, LT_HASH_ANTI_TAMPERING, NOISE_WA_HEADER, WA_CERT_DETAILS,
  configureSuccessfulPairing, decodeBinaryNode, decodeSyncdPatch, decodeSyncdSnapshot, derivePairingCodeKey,
  downloadEncryptedContent, encodeBinaryNode, encodeSyncdPatch, encryptedStream, generateParticipantHashV2,
  getMediaKeys, makeNoiseHandler, newLTHashState, processHistoryMessage, proto
} from 'baileys'
import * as groups from 'baileys/lib/Signal/Group/index.js'

const logger = { level: 'silent', child: () => logger, trace() {}, debug() {}, info() {}, warn() {}, error() {} }
const bytes = (value) => Buffer.from(value)

const read = ({ tag, attrs, content }) => ({
  tag, attrs: Object.fromEntries(attrs), content: Array.isArray(content) ? content.map(read) : content ?? undefined
})
const told = ({ tag, attrs, content }) => ({
  tag, attrs: Object.entries(attrs), content: Array.isArray(content) ? content.map(told) : content ?? null
})

// app state: one collection, from one call to the next
let state = newLTHashState()
let collection
let keys = {}
const key = (id) => keys[id]
const changes = (mutations) =>
  mutations.map(({ syncAction, index }) => ({ index, action: bytes(proto.SyncActionData.encode(syncAction).finish()) }))

// sender keys: our own, and what we have learned
let records = new Map()
const store = {
  loadSenderKey: async (name) => records.get(name) ?? new groups.SenderKeyRecord(),
  storeSenderKey: async (name, record) => void records.set(name, record)
}

let noise, ephemeral, staticKey, received

serve({
  encode_node: ({ node }) => encodeBinaryNode(read(node)),
  decode_node: async ({ data }) => told(await decodeBinaryNode(data)),

  participant_hash: ({ names }) => generateParticipantHashV2(names),

  sign: ({ key, message }) => bytes(Curve.sign(key, message)),
  verify: ({ key, message, signature }) => Curve.verify(key, message, signature),
  agree: ({ key, other }) => Curve.sharedKey(key, other),

  lthash: ({ state, removed, added }) => bytes(LT_HASH_ANTI_TAMPERING.subtractThenAdd(state, removed, added)),
  collection: ({ name, shared }) => {
    state = newLTHashState()
    collection = name
    keys = Object.fromEntries(shared.map(([id, keyData]) => [id.toString('base64'), { keyData }]))
  },
  apply_patch: async ({ data }) => {
    const patch = proto.SyncdPatch.decode(data)
    const told = []
    const after = await decodeSyncdPatch(patch, collection, state, key, (each) => told.push(each), true)
    state = { ...after, version: Number(patch.version.version) }
    return { hash: bytes(state.hash), changes: changes(told) }
  },
  apply_snapshot: async ({ data }) => {
    const taken = await decodeSyncdSnapshot(collection, proto.SyncdSnapshot.decode(data), key, undefined, true)
    state = taken.state
    return { hash: bytes(state.hash), changes: changes(Object.values(taken.mutationMap)) }
  },
  make_patch: async ({ key_id, index, action, remove }) => {
    const { value, version } = proto.SyncActionData.decode(action)
    const asked = { type: collection, index, syncAction: value, apiVersion: version, operation: remove ? 1 : 0 }
    const made = await encodeSyncdPatch(asked, key_id.toString('base64'), state, key)
    state = made.state
    return { patch: bytes(proto.SyncdPatch.encode(made.patch).finish()), hash: bytes(state.hash) }
  },

  parse_history: ({ data }) => {
    const parsed = processHistoryMessage(proto.HistorySync.decode(inflateSync(data)))
    return {
      type: parsed.syncType,
      progress: parsed.progress,
      chats: parsed.chats.map((chat) => chat.id),
      messages: parsed.messages.map(({ key, message, messageTimestamp, participant }) => ({
        id: key.id, chat: key.remoteJid, from_me: key.fromMe, author: participant,
        text: message.conversation || message.extendedTextMessage?.text || '', timestamp: Number(messageTimestamp)
      }))
    }
  },

  rewrite_history: ({ data }) => deflateSync(proto.HistorySync.encode(proto.HistorySync.decode(inflateSync(data))).finish()),

  seal_media: async ({ plaintext, kind }) => {
    const made = await encryptedStream(bytes(plaintext), kind)
    const file = readFileSync(made.encFilePath)
    unlinkSync(made.encFilePath)
    return { key: made.mediaKey, file, sha256: made.fileSha256, enc_sha256: made.fileEncSha256 }
  },
  open_media: async ({ file, key, kind }) => {
    const url = `data:application/octet-stream;base64,${bytes(file).toString('base64')}` // a download without a network
    const pieces = []
    for await (const piece of await downloadEncryptedContent(url, await getMediaKeys(key, kind))) pieces.push(piece)
    return Buffer.concat(pieces)
  },

  forget_sender_keys: () => void (records = new Map()),
  distribute: async () => bytes((await new groups.GroupSessionBuilder(store).create('own')).serialize()),
  group_seal: async ({ plaintext }) => bytes(await new groups.GroupCipher(store, 'own').encrypt(plaintext)),
  learn: async ({ frame }) => {
    const told = new groups.SenderKeyDistributionMessage(null, null, null, null, frame)
    await new groups.GroupSessionBuilder(store).process('other', told)
  },
  group_open: async ({ frame }) => bytes(await new groups.GroupCipher(store, 'other').decrypt(frame)),

  pair: ({ stanza, secret, private_key, public_key }) => {
    const signedIdentityKey = { private: private_key, public: public_key }
    const creds = { advSecretKey: secret.toString('base64'), signedIdentityKey, signalIdentities: [] }
    const { reply, creds: { me } } = configureSuccessfulPairing(read(stanza), creds)
    const answered = reply.content[0].content[0]
    return { jid: me.id, key_index: Number(answered.attrs['key-index']), identity: bytes(answered.content) }
  },
  pairing_code_key: ({ code, salt }) => derivePairingCodeKey(code, salt),

  noise_begin: ({ root }) => {
    WA_CERT_DETAILS.PUBLIC_KEY = root
    ephemeral = Curve.generateKeyPair()
    staticKey = Curve.generateKeyPair()
    noise = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger })
    const hello = proto.HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.public } }).finish()
    return { static: staticKey.public, sent: noise.encodeFrame(hello) }
  },
  noise_finish: async ({ hello, payload }) => {
    const keyEnc = noise.processHandshake(proto.HandshakeMessage.decode(hello), staticKey)
    const clientFinish = { static: keyEnc, payload: noise.encrypt(payload) }
    const sent = noise.encodeFrame(proto.HandshakeMessage.encode({ clientFinish }).finish())
    await noise.finishInit()
    return sent
  },
  noise_send: ({ node }) => noise.encodeFrame(encodeBinaryNode(read(node))),
  noise_receive: async ({ data }) => {
    await noise.decodeFrame(data, (node) => (received = node))
    return told(received)
  }
})

// What happened to the client, told in the words that all drivers share.

import { createHash } from 'node:crypto'
import {
  WAMessageStatus,
  downloadMediaMessage,
  extractMessageContent,
  getContentType,
  jidNormalizedUser,
  proto,
} from 'baileys'

const SHOWN = 200 // messages of one part of a history that are told, not only counted
const STATUS = { 0: 'error', 2: 'sender', 3: 'delivered', 4: 'read', 5: 'played' }
const STATES = ['archived', 'pinned', 'muteEndTime', 'unreadCount', 'name']

const user = (jid) => (jid ? jidNormalizedUser(jid) : null)

const textOf = (message) => {
  const content = extractMessageContent(message)
  return content?.conversation || content?.extendedTextMessage?.text || content?.[getContentType(content)]?.caption || null
}

const nameOf = ({ key, messageTimestamp, participant }) => ({
  id: key.id,
  chat: user(key.remoteJid),
  sender: user(key.participant || participant || (key.fromMe ? null : key.remoteJid)),
  from_me: Boolean(key.fromMe),
  at: Number(messageTimestamp ?? 0),
})

const media = async (message, { socket, settings }) => {
  const kind = getContentType(extractMessageContent(message.message))
  if (!/^(image|video|audio|document|sticker)Message$/.test(kind ?? '')) return {}
  const told = { kind: kind.replace('Message', '') }
  try {
    const ways = { logger: settings.logger, reuploadRequest: socket.updateMediaMessage }
    const bytes = await downloadMediaMessage(message, 'buffer', { options: settings.options }, ways)
    return { media: { ...told, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } }
  } catch (error) {
    return { media: { ...told, error: String(error?.message ?? error) } }
  }
}

/** Reports what the socket of `client` emits, from now on. */
export const listen = (client) => {
  const { socket, memory, report } = client
  const { creds } = client.settings.auth
  const { ev } = socket

  ev.on('connection.update', ({ connection, qr, isNewLogin, lastDisconnect }) => {
    if (qr) report('qr', { text: qr })
    if (isNewLogin) report('paired', { jid: creds.me.id, lid: creds.me.lid })
    if (connection === 'open') report('open', { jid: creds.me.id, lid: creds.me.lid })
    if (connection === 'close') {
      const error = lastDisconnect?.error
      report('close', { code: error?.output?.statusCode ?? null, reason: error?.message ?? '' })
    }
  })

  ev.on('creds.update', ({ myAppStateKeyId }) => {
    if (myAppStateKeyId) report('state', { kind: 'key', id: myAppStateKeyId })
  })

  ev.on('messages.upsert', async ({ messages, type, requestId }) => {
    for (const message of messages) {
      memory.keep(message)
      // a receipt that comes at once is merged into the message
      const status = message.key.fromMe && STATUS[message.status]
      if (status && status !== 'sender') report('receipt', { ...nameOf(message), status, why: message.messageStubParameters?.[0] })
      if (message.messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) {
        report('undecryptable', { ...nameOf(message), why: message.messageStubParameters?.[0] })
      } else if (message.message?.reactionMessage) {
        const { text, key } = message.message.reactionMessage
        report('reaction', { ...nameOf(message), text, of: key.id })
      } else if (message.message && !message.message.protocolMessage) {
        const text = textOf(message.message)
        const file = await media(message, client)
        if (text !== null || file.media) report('message', { ...nameOf(message), text, type, request: requestId, ...file })
      }
    }
  })

  ev.on('messages.update', (updates) => {
    for (const { key, update } of updates) {
      const told = { id: key.id, chat: user(key.remoteJid), from_me: Boolean(key.fromMe) }
      if (update.starred !== undefined) report('state', { kind: 'starred', ...told, value: update.starred })
      if (update.status !== undefined) {
        const status = STATUS[update.status] ?? WAMessageStatus[update.status]
        report('receipt', { ...told, status, why: update.messageStubParameters?.[0] })
      }
      if (update.message === null) report('revoked', told)
    }
  })

  ev.on('message-receipt.update', (updates) => {
    for (const { key, receipt } of updates) {
      const status = receipt.readTimestamp ? 'read' : 'delivered'
      report('receipt', { id: key.id, chat: user(key.remoteJid), from_me: Boolean(key.fromMe), user: receipt.userJid, status })
    }
  })

  ev.on('messaging-history.set', ({ messages, chats, contacts, syncType, progress }) => {
    messages.forEach((message) => memory.keep(message))
    report('history', {
      kind: proto.HistorySync.HistorySyncType[syncType] ?? null,
      messages: messages.length,
      chats: chats.length,
      contacts: contacts.length,
      progress: progress ?? null,
      first: messages.slice(0, SHOWN).map((message) => ({ ...nameOf(message), text: textOf(message.message) })),
    })
  })

  const chats = (changed) => {
    for (const chat of changed) {
      for (const kind of STATES) {
        if (chat[kind] !== undefined) report('state', { kind, chat: chat.id, value: plain(chat[kind]) })
      }
    }
  }
  ev.on('chats.upsert', chats)
  ev.on('chats.update', chats)
  ev.on('chats.delete', (deleted) => deleted.forEach((chat) => report('state', { kind: 'deleted', chat })))
  const contacts = (known) => {
    for (const { id, name, notify } of known) report('state', { kind: 'contact', chat: id, value: name ?? notify ?? null })
  }
  ev.on('contacts.upsert', contacts)
  ev.on('contacts.update', contacts)
  ev.on('settings.update', ({ setting, value }) => report('state', { kind: setting, value }))

  ev.on('groups.upsert', (groups) => {
    for (const { id, subject, participants } of groups) {
      report('group', { id, name: subject, members: participants.map((member) => member.id) })
    }
  })
  ev.on('group-participants.update', ({ id, action, participants }) => {
    report('members', { id, action, members: participants.map((member) => member.id) })
  })
}

const plain = (value) => (typeof value === 'object' && value !== null ? Number(value) : value)

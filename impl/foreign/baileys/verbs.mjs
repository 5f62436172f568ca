// What the client can be told to do, by name; each gives what `done` reports, or throws.

import { readFile } from 'node:fs/promises'

/** Resolves when a promise has, or after so many ms. */
const atMost = (time, promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, time))])

const MIME = { image: 'image/jpeg', video: 'video/mp4', audio: 'audio/ogg', document: 'application/octet-stream' }

const patch = async ({ socket }, change, chat = '') => {
  await socket.chatModify(change, chat)
  return { chat }
}

export const VERBS = {
  /** {to, text}: gives {id}. */
  send: async ({ socket, memory }, { to, text }) => {
    const sent = await socket.sendMessage(to, { text })
    memory.keep(sent)
    return { id: sent.key.id, to }
  },

  /** {to, path, kind, caption}: kind is image, video, audio or document. */
  media: async ({ socket, memory }, { to, path, kind, caption }) => {
    const content = { [kind]: await readFile(path), mimetype: MIME[kind], caption, jpegThumbnail: null }
    if (kind === 'document') content.fileName = path.split('/').pop()
    const sent = await socket.sendMessage(to, content)
    memory.keep(sent)
    return { id: sent.key.id, to }
  },

  /** {user}: a code for this number instead of the QR; asked once a QR was shown. */
  code: async ({ socket, report }, { user }) => {
    const text = await socket.requestPairingCode(user)
    report('code', { text })
    return { user }
  },

  /** {name, members}: gives {group}. */
  group: async ({ socket }, { name, members }) => {
    const group = await socket.groupCreate(name, members)
    return { group: group.id, members: group.participants.map(({ id }) => id) }
  },

  /** {group, add, remove}. */
  members: async ({ socket }, { group, add = [], remove = [] }) => {
    if (add.length) await socket.groupParticipantsUpdate(group, add, 'add')
    if (remove.length) await socket.groupParticipantsUpdate(group, remove, 'remove')
    return { group }
  },

  archive: (client, { chat, on = true }) =>
    patch(client, { archive: on, lastMessages: client.memory.lastOf(chat) }, chat),
  pin: (client, { chat, on = true }) => patch(client, { pin: on }, chat),
  mute: (client, { chat, until }) => patch(client, { mute: until || null }, chat),
  contact: (client, { chat, name }) => patch(client, { contact: { fullName: name, saveOnPrimaryAddressbook: true } }, chat),
  name: (client, { name }) => patch(client, { pushNameSetting: name }),

  /** {id, on} of a message that was seen. */
  star: (client, { id, on = true }) => {
    const { key } = client.memory.get(id)
    return patch(client, { star: { messages: [{ id, fromMe: key.fromMe }], star: on } }, key.remoteJid)
  },

  /** {id, count}: asks the phone for what is older than a message that was seen. */
  history: async ({ socket, memory }, { id, count = 50 }) => {
    const { key, messageTimestamp } = memory.get(id)
    return { request: await socket.fetchMessageHistory(count, key, Number(messageTimestamp) * 1000) }
  },

  /** {id} of a message that was seen. */
  read: async ({ socket, memory }, { id }) => {
    await socket.readMessages([memory.get(id).key])
    return { id }
  },

  /** {to, id, text}: a reaction. */
  react: async ({ socket, memory }, { id, text }) => {
    const { key } = memory.get(id)
    const sent = await socket.sendMessage(key.remoteJid, { react: { text, key } })
    return { id: sent.key.id }
  },

  /** Whether these numbers have accounts. */
  known: async ({ socket }, { users }) => ({ users: await socket.onWhatsApp(...users) }),

  /** Unlinks this client from its account. */
  logout: async (client) => {
    await client.socket.logout()
    return {}
  },

  quit: async (client) => {
    client.quitting = true
    await atMost(2000, client.socket.end(undefined))
    process.exit(0)
  },
}

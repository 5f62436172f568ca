// What a program around Baileys keeps: the messages it has seen, for resending and for what refers to the last of a chat.

export class Memory {
  messages = new Map()
  #last = new Map()

  keep(message) {
    if (!message.message || !message.key?.id) return
    this.messages.set(message.key.id, message)
    const { remoteJid } = message.key
    const last = this.#last.get(remoteJid)
    if (!last || Number(message.messageTimestamp) >= Number(last.messageTimestamp)) this.#last.set(remoteJid, message)
  }

  /** The last message of a chat as app state names it. */
  lastOf(chat) {
    const last = this.#last.get(chat)
    return last ? [{ key: last.key, messageTimestamp: Number(last.messageTimestamp) }] : []
  }

  get(id) {
    const message = this.messages.get(id)
    if (!message) throw new Error(`no message ${id} was seen`)
    return message
  }
}

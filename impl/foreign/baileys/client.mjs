// Baileys as a whole client, as published: every address by a setting; the pinned root key, which is none, as it starts.
//
//     client.mjs --url ws://127.0.0.1:PORT/ws/chat --state FOLDER --root HEX [--log LEVEL]
//
// Standard input takes a line of JSON for each thing to do, {"do": VERB, ...} (verbs.mjs); standard output has a line
// for each thing that happened, {"report": NAME, ...} (reports.mjs). It connects at once and, as every program around
// Baileys does, again whenever the connection ends, until it is told that it is logged out.

import { dumps, loads } from '../lines.mjs'

import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import makeWASocket, { DisconnectReason, WA_CERT_DETAILS, useMultiFileAuthState } from 'baileys'
import pino from 'pino'
import { agent, dispatcher, onlyLoopback } from './loopback.mjs'
import { Memory } from './memory.mjs'
import { listen } from './reports.mjs'
import { VERBS } from './verbs.mjs'

const VERSION = [2, 3000, 1043857760] // given, so that none is fetched
const PAUSE = 500 // ms between two connections
const ANSWER = 20_000 // ms for an answer of the server

const { values: asked } = parseArgs({
  options: {
    url: { type: 'string' },
    state: { type: 'string' },
    root: { type: 'string' },
    log: { type: 'string', default: 'silent' },
  },
})

onlyLoopback()
WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(asked.root, 'hex')
const port = Number(new URL(asked.url).port)
const report = (name, values = {}) => process.stdout.write(dumps({ report: name, ...values }) + '\n')
const logger = pino({ level: asked.log }, pino.destination(2))
const memory = new Memory()
const { state, saveCreds } = await useMultiFileAuthState(asked.state)

const settings = {
  waWebSocketUrl: asked.url,
  version: VERSION,
  logger,
  auth: state,
  defaultQueryTimeoutMs: ANSWER,
  shouldSyncHistoryMessage: () => true,
  appStateMacVerification: { patch: true, snapshot: true },
  getMessage: async ({ id }) => memory.messages.get(id)?.message,
  fetchAgent: agent(port),
  options: { dispatcher: await dispatcher(port) },
}

const client = { socket: null, memory, report, settings, quitting: false }

const connect = () => {
  const socket = makeWASocket(settings)
  client.socket = socket
  socket.ev.on('creds.update', saveCreds)
  listen(client)
  socket.ev.on('connection.update', ({ connection, lastDisconnect }) => {
    if (connection !== 'close' || client.quitting) return
    const code = lastDisconnect?.error?.output?.statusCode
    if (code !== DisconnectReason.loggedOut) setTimeout(connect, PAUSE)
  })
}

connect()
for await (const line of createInterface({ input: process.stdin })) {
  const { do: verb, ...values } = loads(line)
  const run = VERBS[verb]
  if (!run) report('failed', { verb, why: 'no such verb' })
  // one that takes its time keeps no other waiting
  else
    run(client, values).then(
      (value) => report('done', { verb, ...value }),
      (error) => report('failed', { verb, why: String(error?.message ?? error) }),
    )
}
await VERBS.quit(client)

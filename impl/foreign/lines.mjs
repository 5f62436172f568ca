// Values as lines of JSON, and verbs called one by one: what lines.py is for Python, for Node.js.
// Import it first: what a peer prints is no answer, so its console goes to standard error.

import { createInterface } from 'node:readline'

for (const level of ['log', 'info', 'debug', 'warn']) console[level] = console.error

const worded = (value) => {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(worded)
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, worded(each)]))
  }
  return value
}

const read = (_, value) => {
  const bytes = value && typeof value === 'object' && typeof value.base64 === 'string' && Object.keys(value).length === 1
  return bytes ? Buffer.from(value.base64, 'base64') : value
}

/** One line, without its end. */
export const dumps = (value) => JSON.stringify(worded(value))

export const loads = (line) => JSON.parse(line, read)

/** Answers {verb, with} with {value}, {error} or {unknown} until standard input ends. */
export const serve = async (verbs) => {
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = loads(line)
    let answer
    try {
      const verb = verbs[asked.verb]
      answer = dumps(verb ? { value: (await verb(asked.with)) ?? null } : { unknown: asked.verb })
    } catch (error) {
      answer = dumps({ error: `${error?.name ?? typeof error}: ${error?.message ?? error}` })
    }
    process.stdout.write(answer + '\n')
  }
  process.exit(0)
}

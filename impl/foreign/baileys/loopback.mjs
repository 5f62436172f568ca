// Where this client's connections go, all by settings of its own: to one port of the loopback, whatever host it names.

import { Agent as HttpsAgent } from 'node:https'
import { Socket, connect } from 'node:net'

const HOST = '127.0.0.1'
const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

/** Nothing of this process connects elsewhere, not by mistake either. */
export const onlyLoopback = () => {
  const dial = Socket.prototype.connect
  Socket.prototype.connect = function (...args) {
    const options = Array.isArray(args[0]) ? args[0][0] : args[0]
    const host = typeof options === 'object' ? (options.host ?? 'localhost') : args[1]
    if (options?.path === undefined && host !== HOST) throw new Error(`no connection to ${host}: only to ${HOST}`)
    return dial.apply(this, args)
  }
}

/** For uploads, made by Node's https: plain HTTP to `port`. */
export const agent = (port) => {
  class Plain extends HttpsAgent {
    createConnection() {
      return connect(port, HOST)
    }
  }
  return new Plain({ keepAlive: false })
}

/** For downloads, made by fetch: plain HTTP to `port`. The class is that of Node's own fetch, so that the two agree. */
export const dispatcher = async (port) => {
  await fetch('data:,')
  const { constructor: Agent } = globalThis[DISPATCHER]
  return new Agent({
    connect: (_, done) => {
      const socket = connect(port, HOST, () => done(null, socket))
      socket.once('error', (error) => done(error, null))
    },
  })
}

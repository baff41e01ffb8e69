import { openSocket } from '#open-socket'
import type { CloseVerdict, EventData } from '#protocol'
import { closeVerdict } from '#protocol/close-codes'
import { PROTOCOL_VERSION, SUBPROTOCOL } from '#protocol/version'
import { deferred } from './deferred.js'
import { ConnectionError } from './errors.js'
import type { Settings } from './options.js'
import { parseFrame, parseGoodbye, parseHello, type ServerFrame } from './parse.js'
import type { HttpAnswer, Socket } from './platform/socket.js'
import { answerIn, refusedHandshake } from './refused-handshake.js'

/** How a connection, or an attempt to open one, ended. */
export interface Closed {
  readonly error: ConnectionError
  readonly verdict: CloseVerdict
  /** The delay the server's `goodbye` asked for. */
  readonly reconnectAfterMs: number | undefined
}

export type Hello = EventData<'hello'>

/** One socket, from its opening to its close. */
export interface Connection {
  /** Resolves with the server's `hello`; rejects with the error of `closed` when the connection ends before it. */
  readonly opened: Promise<Hello>
  /** Resolves, never rejects, when the connection has ended. */
  readonly closed: Promise<Closed>
  send(text: string): void
  /** Ends the connection; `closed` resolves within a second, whatever the server does. */
  close(): void
}

const HEARTBEAT_ID = 'heartbeat'
/** Close codes of our own, from the range RFC 6455 leaves to libraries and frameworks. */
const CLOSE_UNREADABLE = 3000
const CLOSE_SILENT = 3001
const CLOSE_GRACE_MS = 1000

/** Opens a socket; every frame after `hello`, but for the answers of heartbeats, goes to `onFrame`. */
export function openConnection(settings: Settings, onFrame: (frame: ServerFrame) => void): Connection {
  const opened = deferred<Hello>()
  const closed = deferred<Closed>()
  // So that callers that only await `closed` need not handle `opened`.
  opened.promise.catch(() => undefined)
  let socket: Socket | undefined
  let hello: Hello | undefined
  let goodbye: EventData<'goodbye'> | undefined
  let failure: string | undefined
  let heartbeat: ReturnType<typeof setInterval> | undefined
  let grace: ReturnType<typeof setTimeout> | undefined
  let heard = true
  let ended = false
  let gone = false

  const deadline = setTimeout(
    () => abandon(CLOSE_SILENT, `no hello from ${settings.socketUrl} within ${settings.connectTimeoutMs} ms`),
    settings.connectTimeoutMs,
  )

  function end(message: string, options: { verdict?: CloseVerdict; closeCode?: number; cause?: unknown } = {}): void {
    const { verdict = 'reconnect-later', ...rest } = options
    endWith(new ConnectionError(message, { ...rest, retryable: verdict !== 'fatal' }), verdict)
  }

  function endWith(error: ConnectionError, verdict: CloseVerdict): void {
    if (ended) return
    ended = true
    clearTimeout(deadline)
    clearInterval(heartbeat)
    opened.reject(error)
    closed.resolve({ error, verdict, reconnectAfterMs: goodbye?.reconnectAfterMs })
  }

  /** Ends a useless connection without waiting for the closing handshake. */
  function abandon(code: number, message: string, options: { verdict?: CloseVerdict; cause?: unknown } = {}): void {
    end(message, options)
    close(code)
  }

  function refuse(answer: HttpAnswer): void {
    const { error, isFinal } = refusedHandshake(settings.socketUrl, answer, settings.token !== undefined)
    endWith(error, isFinal ? 'fatal' : 'reconnect-later')
  }

  function close(code: number): void {
    if (gone) return
    if (!socket) {
      end('the connection was closed')
      return
    }
    socket.close(code)
    grace ??= setTimeout(() => {
      socket?.terminate?.()
      end('the connection was closed')
    }, CLOSE_GRACE_MS)
  }

  function beat(): void {
    if (!heard) {
      abandon(CLOSE_SILENT, 'the server stopped answering heartbeats')
      return
    }
    heard = false
    socket?.send(JSON.stringify({ type: 'ping', id: HEARTBEAT_ID }))
  }

  function receive(data: unknown): void {
    heard = true
    const frame = parseFrame(data)
    if (!hello) {
      greet(frame)
      return
    }
    if (frame.kind === 'event' && frame.event.type === 'goodbye') goodbye = parseGoodbye(frame.event.data)
    if (frame.kind === 'event' || frame.id !== HEARTBEAT_ID) onFrame(frame)
  }

  function greet(frame: ServerFrame): void {
    if (frame.kind !== 'event' || frame.event.type !== 'hello') {
      throw new ConnectionError('the first frame was not hello: is this a Cuewire server?', { retryable: false })
    }
    hello = parseHello(frame.event.data)
    if (hello.protocol !== PROTOCOL_VERSION) {
      const message = `the server speaks protocol ${hello.protocol}, this client ${PROTOCOL_VERSION}: update the older`
      abandon(1000, message, { verdict: 'fatal' })
      return
    }
    clearTimeout(deadline)
    if (hello.heartbeatMs > 0) heartbeat = setInterval(beat, hello.heartbeatMs)
    opened.resolve(hello)
  }

  function start(token?: string): void {
    // Browsers can send no header with the handshake, but they can offer a subprotocol.
    const protocols = token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, `bearer.${token}`]
    socket = settings.WebSocket
      ? new settings.WebSocket(settings.socketUrl, protocols)
      : openSocket(settings.socketUrl, protocols, refuse)
    socket.addEventListener('error', event => {
      failure = event.message
      const answer = answerIn(failure)
      if (answer) refuse(answer)
    })
    socket.addEventListener('message', event => {
      if (ended) return
      try {
        receive(event.data)
      } catch (cause) {
        // After an unreadable frame the stream cannot be trusted; subscriptions resume on the next connection.
        abandon(CLOSE_UNREADABLE, cause instanceof Error ? cause.message : String(cause), { cause })
      }
    })
    socket.addEventListener('close', event => {
      gone = true
      clearTimeout(grace)
      // 1006: the close frame was lost on the way, but the goodbye before it holds its code.
      const code = (event.code === 1006 ? goodbye?.code : undefined) ?? event.code ?? 1006
      const reason = event.reason || failure || goodbye?.reason
      const what = hello ? 'the connection was closed' : `cannot connect to ${settings.socketUrl}`
      end(`${what} (code ${code}${reason ? `: ${reason}` : ''})`, { verdict: closeVerdict(code), closeCode: code })
    })
  }

  function startOrEnd(token?: string): void {
    if (ended) return
    try {
      start(token)
    } catch (cause) {
      end(`cannot connect to ${settings.socketUrl}: ${String(cause)}`, { verdict: 'fatal', cause })
    }
  }

  if (settings.token) {
    settings.token().then(startOrEnd, cause => end(`the token could not be had: ${String(cause)}`, { cause }))
  } else {
    startOrEnd()
  }

  return {
    opened: opened.promise,
    closed: closed.promise,
    send: text => socket?.send(text),
    close: () => close(1000),
  }
}

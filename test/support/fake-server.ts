import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EVENTS, SUBPROTOCOL } from '@cuewire/protocol'
import type { Test } from 'tap'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'

export interface Command {
  readonly type: string
  readonly id: number | string
  readonly data: Record<string, unknown>
  readonly key?: string
  readonly traceparent?: string
}

type Answer = (command: Command, connection: FakeConnection) => unknown

/** One client of the fake server. */
export class FakeConnection {
  readonly received: Command[] = []

  constructor(
    readonly socket: WebSocket,
    /** The subprotocols the client offered. */
    readonly offered: readonly string[],
  ) {}

  raw(data: string | Buffer): void {
    this.socket.send(data)
  }

  send(frame: object): void {
    this.raw(JSON.stringify(frame))
  }

  reply(command: Command, data: unknown): void {
    this.send({ type: 'reply', id: command.id, data })
  }

  error(command: Command, code: string, more: object = {}): void {
    this.send({ type: 'error', id: command.id, error: { code, message: 'as scripted', retryable: false, ...more } })
  }

  event(type: string, data: object, more: { readonly topic?: string; readonly seq?: number } = {}): void {
    this.send({ type, ...more, at: '2026-01-01T00:00:00.000Z', data })
  }

  close(code: number, reason = ''): void {
    this.socket.close(code, reason)
  }

  /** Cuts the connection without a closing handshake. */
  cut(): void {
    this.socket.terminate()
  }
}

/** A server whose every answer the test scripts, on a real socket. Commands without a script get no answer. */
export class FakeServer {
  readonly connections: FakeConnection[] = []
  readonly hello = { ...EVENTS.hello.example }
  /** Called for each new connection; sends `hello` unless the test replaces it. */
  onConnection = (connection: FakeConnection): void => connection.event('hello', this.hello)
  onHttp: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.writeHead(404).end()
  url = ''
  readonly #answers = new Map<string, Answer>()
  readonly #waiting: (() => void)[] = []

  /** Scripts a command: a value returned is the reply; with none, the script answers by itself or not at all. */
  on(type: string, answer: Answer): void {
    this.#answers.set(type, answer)
  }

  get connection(): FakeConnection {
    const last = this.connections.at(-1)
    if (!last) throw new Error('nobody has connected yet')
    return last
  }

  /** Every command of a type so far, over all connections. */
  commands(type: string): Command[] {
    return this.connections.flatMap(({ received }) => received.filter(command => command.type === type))
  }

  /** Resolves when the condition holds, which is looked at after every connection, command and close. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>(resolve => this.#waiting.push(resolve))
  }

  accept(socket: WebSocket, { headers }: IncomingMessage): void {
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map(name => name.trim())
    const connection = new FakeConnection(socket, offered)
    this.connections.push(connection)
    socket.on('message', data => this.#receive(connection, data))
    socket.on('close', () => this.#wake())
    this.onConnection(connection)
    this.#wake()
  }

  #receive(connection: FakeConnection, data: RawData): void {
    const command: Command = JSON.parse(String(data))
    connection.received.push(command)
    const result = this.#answers.get(command.type)?.(command, connection)
    if (result !== undefined) connection.reply(command, result)
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

/** Starts a fake server on a free port; it ends with the test. `ping` is answered. */
export async function fakeServer(t: Test): Promise<FakeServer> {
  const fake = new FakeServer()
  fake.on('ping', () => ({ at: '2026-01-01T00:00:00.000Z' }))
  const http = createServer((request, response) => fake.onHttp(request, response))
  const sockets = new WebSocketServer({ server: http, path: '/v1/socket', handleProtocols: () => SUBPROTOCOL })
  sockets.on('connection', (socket, request) => fake.accept(socket, request))
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  fake.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`
  t.teardown(async () => {
    for (const socket of sockets.clients) socket.terminate()
    http.closeAllConnections()
    await new Promise(resolve => http.close(resolve))
  })
  return fake
}

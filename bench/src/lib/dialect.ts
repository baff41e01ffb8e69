/** How to speak to a kind of server: what it says first, how a command looks and how its answer is told. */
export interface Dialect {
  readonly path: string
  readonly subprotocol?: string
  /** Frames the server sends before the first command, and what the client answers to each. */
  readonly opening: readonly { readonly expect: RegExp; readonly answer?: string }[]
  /** The command with this id; the length may not depend on the id. */
  readonly command: (id: number) => string
  readonly isReply: (payload: string, id: number) => boolean
}

const ping = (id: number): string => `{"type":"ping","id":${id}}`

/** Bare servers that send back the frame they got. */
export const echoDialect: Dialect = {
  path: '/',
  opening: [],
  command: ping,
  isReply: (payload, id) => payload === ping(id),
}

const cuewireSocket = {
  path: '/v1/socket',
  subprotocol: 'cuewire.v1',
  opening: [{ expect: /^\{"type":"hello"/ }],
} as const

export const cuewireDialect: Dialect = {
  ...cuewireSocket,
  command: ping,
  isReply: (payload, id) => {
    const frame = parse(payload)
    return frame['type'] === 'reply' && frame['id'] === id && isObject(frame['data'])
  },
}

/** Pings of a server whose rate limit lets almost none through: the first few are answered, all others refused. */
export const refusedDialect: Dialect = {
  ...cuewireSocket,
  command: ping,
  isReply: (payload, id) => {
    const { type, id: echoed, error } = parse(payload)
    return echoed === id && (type === 'reply' || (isObject(error) && error['code'] === 'limit.rate'))
  },
}

/** `video.get` of one video, as both Cuewire and the bare server with a database answer it. */
export function videoGetDialect(socket: 'cuewire' | 'bare', videoId: string): Dialect {
  return {
    ...(socket === 'cuewire' ? cuewireSocket : { path: '/', opening: [] }),
    command: id => `{"type":"video.get","id":${id},"data":{"videoId":"${videoId}"}}`,
    isReply: (payload, id) => {
      const { type, id: echoed, data } = parse(payload)
      const video = isObject(data) ? data['video'] : undefined
      return type === 'reply' && echoed === id && isObject(video) && video['id'] === videoId && isObject(video['media'])
    },
  }
}

/** Engine.IO 4 over WebSocket alone, Socket.IO 5 packets inside: `42<id>[event, data]`, answered by `43<id>[data]`. */
export const socketIoDialect: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  opening: [{ expect: /^0\{/, answer: '40' }, { expect: /^40\{/ }],
  command: id => `42${id}["ping",{}]`,
  isReply: (payload, id) => payload === `43${id}[{}]`,
}

function parse(payload: string): Record<string, unknown> {
  const frame: unknown = JSON.parse(payload)
  return isObject(frame) ? frame : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

import { fileURLToPath } from 'node:url'
import {
  cuewireDialect,
  type Dialect,
  echoDialect,
  refusedDialect,
  socketIoDialect,
  videoGetDialect,
} from '../lib/dialect.js'

/** A server under test. */
export interface Peer {
  readonly what: string
  /** Arguments of `node`. */
  readonly command: readonly string[]
  /** Its wire format. Peers that read a video take its id. */
  readonly dialect: Dialect | ((videoId: string) => Dialect)
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>
}

/** As `npm start`. */
const CUEWIRE = [
  '--no-memory-reducer',
  fileURLToPath(new URL('../../../server/dist/main.js', import.meta.url)),
  'serve',
]

const own = (file: string): readonly string[] => [fileURLToPath(new URL(file, import.meta.url))]

export const PEERS = {
  'uws-raw': { what: 'bare uWebSockets.js, bytes back', command: own('uws-raw.js'), dialect: echoDialect },
  'uws-json': { what: 'bare uWebSockets.js, JSON', command: own('uws-json.js'), dialect: echoDialect },
  'uws-json-ajv': {
    what: 'bare uWebSockets.js, JSON, ajv',
    command: own('uws-json-ajv.js'),
    dialect: echoDialect,
  },
  cuewire: {
    what: 'Cuewire, ping',
    command: CUEWIRE,
    dialect: cuewireDialect,
    environment: { CUEWIRE_TRANSPORT: 'uws' },
  },
  'cuewire-ws': {
    what: 'Cuewire on ws, ping',
    command: CUEWIRE,
    dialect: cuewireDialect,
    environment: { CUEWIRE_TRANSPORT: 'ws' },
  },
  'cuewire-refused': {
    what: 'Cuewire, pings over the rate limit',
    command: CUEWIRE,
    dialect: refusedDialect,
    environment: { CUEWIRE_COMMANDS_PER_SECOND: '1', CUEWIRE_COMMAND_BURST: '100' },
  },
  'uws-sqlite': {
    what: 'bare uWebSockets.js, JSON, ajv, one read of SQLite',
    command: own('uws-sqlite.js'),
    dialect: videoId => videoGetDialect('bare', videoId),
  },
  'cuewire-get': {
    what: 'Cuewire, video.get',
    command: CUEWIRE,
    dialect: videoId => videoGetDialect('cuewire', videoId),
  },
  'ws-json': { what: 'ws, JSON', command: own('ws-json.js'), dialect: echoDialect },
  'socket-io': { what: 'Socket.IO 4, acks', command: own('socket-io.js'), dialect: socketIoDialect },
} as const satisfies Record<string, Peer>

export type PeerName = keyof typeof PEERS
export const PEER_NAMES = Object.keys(PEERS) as PeerName[]

export function isPeerName(name: string): name is PeerName {
  return name in PEERS
}

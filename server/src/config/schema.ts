import { availableParallelism } from 'node:os'
import { TRANSPORTS } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import { EVENT_RETENTION } from '../lib/event-retention.js'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type LogLevel = (typeof LOG_LEVELS)[number]
const ROLES = ['all', 'gateway', 'worker'] as const
type Role = (typeof ROLES)[number]

const TRANSPORT_SETTINGS = ['auto', ...TRANSPORTS] as const
type TransportSetting = (typeof TRANSPORT_SETTINGS)[number]

/** Every setting, its default and its meaning. The README's table comes from here. */
export const ConfigSchema = Type.Object(
  {
    host: Type.String({
      default: '127.0.0.1',
      minLength: 1,
      description:
        'Address to listen on. One that others can reach needs authentication: set CUEWIRE_JWT_SECRET or CUEWIRE_JWT_PUBLIC_KEY_FILE.',
    }),
    port: Type.Integer({
      default: 8787,
      minimum: 0,
      maximum: 65535,
      description: 'Port to listen on; 0 takes a free one.',
    }),
    role: Type.Unsafe<Role>({
      type: 'string',
      enum: ROLES,
      default: 'all',
      description:
        'What this process does: `gateway` serves clients, `worker` runs jobs, `all` is a gateway that starts a worker of its own.',
    }),
    transport: Type.Unsafe<TransportSetting>({
      type: 'string',
      enum: TRANSPORT_SETTINGS,
      default: 'auto',
      description:
        "What serves the port: `uws` is uWebSockets.js, `ws` is the package ws on Node's own HTTP server, `auto` the first where it loads, else the second.",
    }),
    dataDir: Type.String({ default: './data', minLength: 1, description: 'Folder of the database and the videos.' }),
    modelsDir: Type.String({
      default: '',
      description: "Folder of the model packs; empty: `cuewire/models` in the user's cache folder.",
    }),
    jwtSecret: Type.String({
      default: '',
      pattern: '^$|^.{32,}$',
      description: 'Secret of HS256 tokens, at least 32 characters. Any key turns authentication on.',
    }),
    jwtPublicKeyFile: Type.String({
      default: '',
      description: 'PEM file with the public keys of RS256, PS256, ES256 or EdDSA tokens.',
    }),
    jwtIssuer: Type.String({ default: '', description: 'Required `iss` of tokens; empty: any.' }),
    jwtAudience: Type.String({ default: '', description: 'Required `aud` of tokens; empty: any.' }),
    tlsCertFile: Type.String({
      default: '',
      description: 'PEM file with the certificate and its chain; with CUEWIRE_TLS_KEY_FILE it turns TLS on.',
    }),
    tlsKeyFile: Type.String({ default: '', description: 'PEM file with the private key of the certificate.' }),
    origins: Type.Array(Type.String({ pattern: '^https?://[^/]+$' }), {
      default: [],
      maxItems: 100,
      description: 'Origins of web pages that may use this server, besides its own; separated by commas.',
    }),
    hosts: Type.Array(Type.String({ pattern: '^([^:[\\]\\s/@A-Z]{1,255}|[0-9a-f:.]{2,45})$' }), {
      default: [],
      maxItems: 100,
      description: 'Host names this server answers to, besides localhost and its address; separated by commas.',
    }),
    commandsPerSecond: Type.Number({
      default: 200,
      exclusiveMinimum: 0,
      maximum: 1_000_000_000,
      description:
        'Tokens a connection gets each second; a look-up costs 1. A subject or an address gets five times as many.',
    }),
    commandBurst: Type.Number({
      default: 400,
      minimum: 100,
      maximum: 1_000_000_000,
      description: 'Tokens a connection may save up. A subject or an address may save five times as many.',
    }),
    firstFrameMs: Type.Integer({
      default: 60_000,
      minimum: 1000,
      maximum: 3_600_000,
      description: 'Time a new connection has for its first frame.',
    }),
    idleTimeoutMs: Type.Integer({
      default: 60_000,
      minimum: 10_000,
      maximum: 900_000,
      description:
        'Silence after which a connection is dropped, within 8 s; 16 s before (8 s where this is at most 24 s) it is asked with a WebSocket ping.',
    }),
    maxConnections: Type.Integer({
      default: 20_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'WebSocket connections held at once.',
    }),
    maxConnectionsPerAddress: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 1_000_000,
      description:
        'Of these, from one address, or one IPv6 network of 64 bits; 0: all. Not for clients that come through one proxy.',
    }),
    maxConnectionsPerSubject: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Of these, of one subject of a tenant; without authentication all.',
    }),
    uploadBytes: Type.Integer({
      default: 4 * 1024 ** 3,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Largest file accepted, in bytes.',
    }),
    openUploads: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Unfinished uploads a tenant may have.',
    }),
    uploadExpiryHours: Type.Number({
      default: 24,
      exclusiveMinimum: 0,
      maximum: 720,
      description: 'Hours after which an unfinished upload is removed.',
    }),
    queueLimit: Type.Integer({ default: 1000, minimum: 1, maximum: 100_000, description: 'Jobs that may wait.' }),
    concurrency: Type.Integer({ default: 1, minimum: 1, maximum: 64, description: 'Jobs that run at once.' }),
    frameRate: Type.Number({
      default: 1,
      minimum: 0.1,
      maximum: 10,
      description: 'Pictures a second that are searched for objects.',
    }),
    threads: Type.Integer({
      default: availableParallelism(),
      minimum: 1,
      maximum: 256,
      description: 'Inferences at the same time, each on one core; the number of cores unless told.',
    }),
    modelIdleSeconds: Type.Number({
      default: 300,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds after which a model that was not used is unloaded.',
    }),
    stills: Type.Integer({
      default: Math.min(4, availableParallelism()),
      minimum: 1,
      maximum: 64,
      description: 'ffmpegs that make pictures of `/frames/` at once.',
    }),
    stillsQueue: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Pictures of `/frames/` that may wait to be made.',
    }),
    stillsCacheBytes: Type.Integer({
      default: 256 * 1024 ** 2,
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Room for pictures that were made, in the data folder.',
    }),
    ffmpegPath: Type.String({
      default: '',
      description: 'ffmpeg to run; empty: the one on the PATH if it is 4.4.1 or later, else the bundled one.',
    }),
    ffprobePath: Type.String({
      default: '',
      description: 'ffprobe to run; empty: the one on the PATH if it is 4.4.1 or later, else the bundled one.',
    }),
    drainMs: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 600_000,
      description: 'Longest time a shutdown waits for what is under way.',
    }),
    eventLogTopicEvents: Type.Integer({
      default: EVENT_RETENTION.topicEvents,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Events of a topic that are kept for clients that resume.',
    }),
    eventLogTopicBytes: Type.Integer({
      default: EVENT_RETENTION.topicBytes,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Bytes of events of a topic that are kept.',
    }),
    eventLogBytes: Type.Integer({
      default: EVENT_RETENTION.totalBytes,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Bytes of events of all topics together that are kept.',
    }),
    eventLogHours: Type.Integer({
      default: EVENT_RETENTION.ageMs / 3_600_000,
      minimum: 1,
      maximum: 8760,
      description: 'How long events are kept.',
    }),
    logLevel: Type.Unsafe<LogLevel>({
      type: 'string',
      enum: LOG_LEVELS,
      default: 'info',
      description: `Least severe level that is logged: ${LOG_LEVELS.join(', ')}.`,
    }),
    checkOutput: Type.Boolean({
      default: false,
      description: 'Check every reply and event against its schema before it is sent; for development and tests.',
    }),
  },
  { additionalProperties: false },
)
export type Config = Static<typeof ConfigSchema>

/** Variables other programs know too keep their usual name. */
const USUAL_NAMES: Readonly<Record<string, string>> = { ffmpegPath: 'FFMPEG_PATH', ffprobePath: 'FFPROBE_PATH' }

/** The environment variable of a setting: `uploadBytes` is read from `CUEWIRE_UPLOAD_BYTES`. */
export function variableOf(setting: string): string {
  return USUAL_NAMES[setting] ?? `CUEWIRE_${setting.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}

/** A setting on the command line: `dataDir` is `--data-dir`. */
export function optionOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

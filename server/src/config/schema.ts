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
        'Address to listen on. An address other than loopback requires authentication: set CUEWIRE_JWT_SECRET or CUEWIRE_JWT_PUBLIC_KEY_FILE.',
    }),
    port: Type.Integer({
      default: 8787,
      minimum: 0,
      maximum: 65535,
      description: 'Port to listen on; 0 picks a free one.',
    }),
    role: Type.Unsafe<Role>({
      type: 'string',
      enum: ROLES,
      default: 'all',
      description:
        'What this process does: `gateway` serves clients, `worker` runs jobs, `all` is a gateway that also starts a worker.',
    }),
    transport: Type.Unsafe<TransportSetting>({
      type: 'string',
      enum: TRANSPORT_SETTINGS,
      default: 'auto',
      description:
        "Transport: `uws` is uWebSockets.js, `ws` is the package ws on Node's HTTP server, `auto` is `uws` if it loads and `ws` otherwise.",
    }),
    dataDir: Type.String({ default: './data', minLength: 1, description: 'Folder of the database and the videos.' }),
    modelsDir: Type.String({
      default: '',
      description: "Folder of the model packs. Empty: `cuewire/models` in the user's cache folder.",
    }),
    modelObjects: Type.String({
      default: '',
      description: 'Model pack that finds objects, such as `objects-centernet`. Empty: the best one that is installed.',
    }),
    modelSentences: Type.String({
      default: '',
      description:
        'Model pack that gives the vectors of sentences, such as `sentences-use-lite`. Empty: the best one that is installed.',
    }),
    hubUrl: Type.String({
      default: 'https://huggingface.co',
      pattern: '^https?://[^/?#@\\s]+(/[^/?#@\\s]+)*$',
      description: 'Address of the model hub that `models pull` uses, or of a mirror of it.',
    }),
    hubToken: Type.String({
      default: '',
      pattern: '^[!-~]{0,512}$',
      description: 'Access token for the model hub. It is sent to CUEWIRE_HUB_URL only.',
    }),
    speechUrl: Type.String({
      default: '',
      pattern: '^$|^https?://[^/?#@\\s]+(/[^/?#@\\s]+)*$',
      description:
        'Base address of a service with the transcription API of OpenAI, such as `http://127.0.0.1:8000/v1`, which then recognises speech. The sound of every video is sent there. Empty: the model pack on this machine.',
    }),
    speechKey: Type.String({
      default: '',
      pattern: '^[!-~]{0,512}$',
      description: 'API key for the speech service. It is sent to CUEWIRE_SPEECH_URL only.',
    }),
    speechModel: Type.String({
      default: 'whisper-1',
      pattern: '^[!-~]{1,60}$',
      description: 'Model that the speech service is asked for.',
    }),
    jwtSecret: Type.String({
      default: '',
      pattern: '^$|^.{32,}$',
      description: 'Secret of HS256 tokens, at least 32 characters. A secret or public keys turn authentication on.',
    }),
    jwtPublicKeyFile: Type.String({
      default: '',
      description: 'PEM file with the public keys of RS256, PS256, ES256 or EdDSA tokens.',
    }),
    jwtIssuer: Type.String({ default: '', description: 'Required `iss` of tokens. Empty: any.' }),
    jwtAudience: Type.String({ default: '', description: 'Required `aud` of tokens. Empty: any.' }),
    tlsCertFile: Type.String({
      default: '',
      description: 'PEM file with the certificate and its chain. Together with CUEWIRE_TLS_KEY_FILE it turns TLS on.',
    }),
    tlsKeyFile: Type.String({ default: '', description: 'PEM file with the private key of the certificate.' }),
    origins: Type.Array(Type.String({ pattern: '^https?://[^/]+$' }), {
      default: [],
      maxItems: 100,
      description: 'Origins of web pages that may use this server, in addition to its own. Separated by commas.',
    }),
    hosts: Type.Array(Type.String({ pattern: '^([^:[\\]\\s/@A-Z]{1,255}|[0-9a-f:.]{2,45})$' }), {
      default: [],
      maxItems: 100,
      description: 'Host names this server answers to, in addition to localhost and its address. Separated by commas.',
    }),
    commandsPerSecond: Type.Number({
      default: 200,
      exclusiveMinimum: 0,
      maximum: 1_000_000_000,
      description:
        'Rate limit: tokens a connection gains each second; a look-up costs 1. A subject or an address gains five times as many.',
    }),
    commandBurst: Type.Number({
      default: 400,
      minimum: 100,
      maximum: 1_000_000_000,
      description: 'Rate limit: tokens a connection may save up. A subject or an address may save five times as many.',
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
        'A connection without incoming data for this long is dropped, at most 8 s later. It gets a WebSocket ping 16 s before (8 s before if this is 24 s or less).',
    }),
    maxConnections: Type.Integer({
      default: 20_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Most open WebSocket connections.',
    }),
    maxConnectionsPerAddress: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 1_000_000,
      description:
        'Most open connections from one address, or one IPv6 /64 network. 0: no limit. Do not set it if clients come through one proxy.',
    }),
    maxConnectionsPerSubject: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Most open connections of one subject of a tenant. Not used without authentication.',
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
      description: 'Most unfinished uploads of a tenant.',
    }),
    uploadExpiryHours: Type.Number({
      default: 24,
      exclusiveMinimum: 0,
      maximum: 720,
      description: 'Hours without new data after which an unfinished upload is removed.',
    }),
    queueLimit: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Most jobs of one tenant that may wait to run.',
    }),
    concurrency: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 64,
      description:
        'Jobs that run at the same time in each worker. Every `serve` on the data folder has one, except `--role gateway`.',
    }),
    frameRate: Type.Number({
      default: 1,
      minimum: 0.1,
      maximum: 10,
      description: 'Pictures per second of video that are searched for objects.',
    }),
    threads: Type.Integer({
      default: availableParallelism(),
      minimum: 1,
      maximum: 256,
      description: 'Inferences that run at the same time, each on one core. Default: the number of cores.',
    }),
    modelIdleSeconds: Type.Number({
      default: 300,
      minimum: 1,
      maximum: 86_400,
      description: 'Seconds without use after which a model is unloaded.',
    }),
    stills: Type.Integer({
      default: Math.min(4, availableParallelism()),
      minimum: 1,
      maximum: 64,
      description: 'ffmpeg processes that make pictures for `/frames/` at the same time.',
    }),
    stillsQueue: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 100_000,
      description: 'Most pictures for `/frames/` waiting to be made.',
    }),
    stillsCacheBytes: Type.Integer({
      default: 256 * 1024 ** 2,
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Size of the cache of pictures for `/frames/`, in the data folder.',
    }),
    ffmpegPath: Type.String({
      default: '',
      description: 'ffmpeg to run. Empty: the one on the PATH if it is 4.4.1 or later, otherwise the bundled one.',
    }),
    ffprobePath: Type.String({
      default: '',
      description: 'ffprobe to run. Empty: the one on the PATH if it is 4.4.1 or later, otherwise the bundled one.',
    }),
    drainMs: Type.Integer({
      default: 10_000,
      minimum: 0,
      maximum: 600_000,
      description: 'Longest time a shutdown waits for running commands and queued frames.',
    }),
    eventLogTopicEvents: Type.Integer({
      default: EVENT_RETENTION.topicEvents,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Most events kept for each topic, for clients that resume.',
    }),
    eventLogTopicBytes: Type.Integer({
      default: EVENT_RETENTION.topicBytes,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most bytes of events kept for each topic.',
    }),
    eventLogBytes: Type.Integer({
      default: EVENT_RETENTION.totalBytes,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Most bytes of events kept for all topics together.',
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
      description: `Lowest level that is logged: ${LOG_LEVELS.join(', ')}.`,
    }),
    checkOutput: Type.Boolean({
      default: false,
      description: 'Check every reply and event against its schema before it is sent. For development and tests.',
    }),
  },
  { additionalProperties: false },
)
export type Config = Static<typeof ConfigSchema>

/** Variables that other programs use too keep their usual name. */
const USUAL_NAMES: Readonly<Record<string, string>> = { ffmpegPath: 'FFMPEG_PATH', ffprobePath: 'FFPROBE_PATH' }

/** The environment variable of a setting: `uploadBytes` is read from `CUEWIRE_UPLOAD_BYTES`. */
export function variableOf(setting: string): string {
  return USUAL_NAMES[setting] ?? `CUEWIRE_${setting.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`
}

/** A setting on the command line: `dataDir` is `--data-dir`. */
export function optionOf(setting: string): string {
  return `--${setting.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
}

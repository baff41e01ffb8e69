import { CLOSE_CODES, closeVerdict } from '../close-codes.js'
import type { CommandRow } from '../commands/command.js'
import { COMMANDS } from '../commands/table.js'
import { ERROR_CODES } from '../error-codes.js'
import type { EventRow } from '../events/event.js'
import { EVENTS } from '../events/table.js'
import { AT, VIDEO_ID } from '../examples.js'
import { PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from '../version.js'
import { type JsonSchema, schemas } from './json-schema.js'

const SCHEMAS = '#/components/schemas/'
const MESSAGES = '#/components/messages/'
const CHANNEL = { $ref: '#/channels/socket' }

const commands = Object.entries(COMMANDS) as [string, CommandRow][]
const events = Object.entries(EVENTS) as [string, EventRow][]

/** The protocol as an AsyncAPI 3.0 document from the server's perspective: it receives commands and sends events. */
export function asyncApi(): JsonSchema {
  const messages = allMessages()
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Cuewire',
      version: String(PROTOCOL_VERSION),
      description: 'Understanding video over one WebSocket. PROTOCOL.md explains how frames work together.',
      license: { name: 'MIT' },
      tags: [{ name: 'video' }],
    },
    defaultContentType: 'application/json',
    servers: {
      cuewire: {
        host: '{host}',
        protocol: 'ws',
        description: 'A Cuewire server; `wss` behind TLS.',
        variables: { host: { default: '127.0.0.1:8787', description: 'CUEWIRE_HOST and CUEWIRE_PORT of the server.' } },
        security: Object.keys(SECURITY_SCHEMES).map(name => ({ $ref: `#/components/securitySchemes/${name}` })),
      },
    },
    channels: { socket: channel(Object.keys(messages)) },
    operations: {
      ...Object.fromEntries(commands.map(commandOperation)),
      ...Object.fromEntries(events.map(eventOperation)),
    },
    components: {
      schemas: schemas(SCHEMAS),
      messages,
      correlationIds: {
        id: { description: 'Chosen by the client, echoed as it came.', location: '$message.payload#/id' },
      },
      securitySchemes: SECURITY_SCHEMES,
    },
  }
}

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: '`Authorization: Bearer <token>`.' },
  subprotocol: {
    type: 'httpApiKey',
    in: 'header',
    name: 'Sec-WebSocket-Protocol',
    description: `The token, offered as the subprotocol \`bearer.<token>\` beside \`${SUBPROTOCOL}\`.`,
  },
  ticket: {
    type: 'httpApiKey',
    in: 'query',
    name: 'ticket',
    description: 'A single-use ticket of `POST /v1/tickets`.',
  },
}

function channel(messages: readonly string[]): JsonSchema {
  return {
    address: SOCKET_PATH,
    title: 'The one WebSocket',
    description: `The client offers the subprotocol \`${SUBPROTOCOL}\`. Where the server asks for no token, as on loopback, no security scheme applies.`,
    messages: Object.fromEntries(messages.map(name => [name, { $ref: MESSAGES + name }])),
    servers: [{ $ref: '#/servers/cuewire' }],
    bindings: { ws: { method: 'GET', bindingVersion: '0.1.0' } },
    'x-close-codes': Object.values(CLOSE_CODES).map(row => ({ ...row, verdict: closeVerdict(row.code) })),
  }
}

function allMessages(): Record<string, JsonSchema> {
  const message = (name: string, schema: string, description: string, payload: unknown): JsonSchema => ({
    name,
    title: schema,
    description,
    payload: { $ref: SCHEMAS + schema },
    examples: [{ name: 'example', payload }],
  })
  const correlationId = { $ref: '#/components/correlationIds/id' }
  const all: Record<string, JsonSchema> = {
    error: {
      ...message('error', 'ErrorFrame', 'The one answer of a command that failed.', ERROR_EXAMPLE),
      correlationId,
      'x-error-codes': ERROR_CODES,
    },
  }
  for (const [name, row] of commands) {
    const command = { type: name, id: 1, data: row.example.params }
    const reply = { type: 'reply', id: 1, data: row.example.result }
    all[`${name}.command`] = { ...message(name, `${name}.command`, row.description, command), correlationId }
    const description = `The answer of \`${name}\` when it succeeded.`
    all[`${name}.reply`] = { ...message('reply', `${name}.reply`, description, reply), correlationId }
  }
  for (const [name, row] of events) {
    const topic = row.topics.includes('video') && { topic: `video/${VIDEO_ID}` }
    const payload = { type: name, ...topic, at: AT, data: row.example }
    all[`${name}.event`] = message(name, `${name}.event`, row.description, payload)
  }
  return all
}

const ERROR_EXAMPLE = {
  type: 'error',
  id: 1,
  error: { code: 'video.not_found', message: ERROR_CODES['video.not_found'].description, retryable: false },
}

function commandOperation([name, row]: [string, CommandRow]): [string, JsonSchema] {
  const operation = {
    action: 'receive',
    channel: CHANNEL,
    summary: row.description,
    description: `Scope \`${row.scope}\`, cost ${row.cost}${row.mutating ? '; may carry a `key`' : ''}.`,
    messages: [{ $ref: `${CHANNEL.$ref}/messages/${name}.command` }],
    reply: {
      channel: CHANNEL,
      messages: [{ $ref: `${CHANNEL.$ref}/messages/${name}.reply` }, { $ref: `${CHANNEL.$ref}/messages/error` }],
    },
    'x-scope': row.scope,
    'x-cost': row.cost,
    'x-mutating': row.mutating,
  }
  return [name, operation]
}

function eventOperation([name, row]: [string, EventRow]): [string, JsonSchema] {
  const operation = {
    action: 'send',
    channel: CHANNEL,
    summary: row.description,
    messages: [{ $ref: `${CHANNEL.$ref}/messages/${name}.event` }],
    'x-delivery': row.delivery,
    'x-topics': row.topics,
  }
  return [name, operation]
}

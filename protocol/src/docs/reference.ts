import type { TSchema } from '@sinclair/typebox'
import { CLOSE_CODES, closeVerdict } from '../close-codes.js'
import type { CommandRow } from '../commands/command.js'
import { COMMANDS } from '../commands/table.js'
import { ERROR_CODES } from '../error-codes.js'
import type { EventRow } from '../events/event.js'
import { EVENTS } from '../events/table.js'
import { ENTITIES, FRAMES, PRIMITIVES } from './named-types.js'
import { inside, notation, remarks } from './notation.js'

const named = new Map(Object.entries({ ...PRIMITIVES, ...ENTITIES }).map(([name, schema]) => [inside(schema), name]))

const types = (table: Record<string, TSchema>): string =>
  Object.entries(table)
    .map(([name, schema]) => `type ${name} = ${notation(schema, named)}${remarks(schema) && `  // ${remarks(schema)}`}`)
    .join('\n\n')

const code = (language: string, text: string): string => `\`\`\`${language}\n${text}\n\`\`\``

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.join(' | ')} |`).join('\n')

const list = (names: readonly string[]): string => names.map(name => `\`${name}\``).join(', ')

function commandHead({ scope, cost, mutating, needs }: CommandRow): string {
  const key = mutating ? ', may carry a `key`' : ''
  const socket = needs === 'socket' ? ' WebSocket only: not available over HTTP.' : ''
  return `Client to server. Scope \`${scope}\`, cost ${cost}${key}.${socket}`
}

const ANY_COMMAND = '[those of any command](#errors)'

const commandErrors = ({ errors }: CommandRow): string =>
  errors.length > 0 ? `Errors: ${list(errors)}, and ${ANY_COMMAND}.` : `Errors: only ${ANY_COMMAND}.`

function commandSection([name, row]: [string, CommandRow]): string {
  const example = JSON.stringify({ type: name, id: 1, data: row.example.params })
  const reply = JSON.stringify({ type: 'reply', id: 1, data: row.example.result })
  return [
    `#### \`${name}\``,
    commandHead(row),
    row.description,
    code('ts', `data: ${notation(row.params, named)}\nreply: ${notation(row.result, named)}`),
    code('json', `${example}\n${reply}`),
    commandErrors(row),
  ].join('\n\n')
}

function eventSection([name, row]: [string, EventRow]): string {
  const topics = row.topics.map(topic => (topic === 'library' ? topic : `${topic}/<id>`))
  const where = topics.length > 0 ? `on ${list(topics)}` : 'to the connection itself'
  return [
    `#### \`${name}\``,
    `Server to client, ${where}. Delivery \`${row.delivery}\`.`,
    row.description,
    code('ts', `data: ${notation(row.data, named)}`),
    code('json', JSON.stringify(row.example)),
  ].join('\n\n')
}

/** The generated part of PROTOCOL.md. */
export function reference(): string {
  const errors = Object.entries(ERROR_CODES).map(([name, row]) => [
    `\`${name}\``,
    String(row.status),
    row.retryable ? 'yes' : 'no',
    row.description,
  ])
  const closes = Object.values(CLOSE_CODES).map(row => [String(row.code), closeVerdict(row.code), row.description])
  return [
    '### Frames',
    code('ts', types(FRAMES)),
    '### Shared types',
    code('ts', types(PRIMITIVES)),
    code('ts', types(ENTITIES)),
    '### Commands',
    ...Object.entries(COMMANDS).map(entry => commandSection(entry as [string, CommandRow])),
    '### Events',
    ...Object.entries(EVENTS).map(entry => eventSection(entry as [string, EventRow])),
    '### Error codes',
    table(['code', 'HTTP status', 'retryable', 'meaning'], errors),
    '### Close codes',
    table(['code', 'what the client does', 'meaning'], closes),
  ].join('\n\n')
}

import type { TSchema } from '@sinclair/typebox'
import type { CommandRow } from '../commands/command.js'
import { COMMANDS } from '../commands/table.js'
import type { EventRow } from '../events/event.js'
import { EVENTS } from '../events/table.js'
import { CommandFrame, EventFrame, ReplyFrame } from '../frames.js'
import { PROTOCOL_VERSION } from '../version.js'
import { ENTITIES, FRAMES, PRIMITIVES } from './named-types.js'

/** A schema as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The `$id` of the bundle: a definition is `<id>#/$defs/<name>`. */
export const BUNDLE_ID = `urn:cuewire:protocol:${PROTOCOL_VERSION}`

/**
 * Every schema of the protocol by name, with references relative to `base`: shared types by their names, and for
 * commands and events `<command>.params`, `.result`, `.command` and `.reply`, and `<event>.data` and `.event`. The last
 * two of a command and the last one of an event are whole frames.
 */
export function schemas(base: string): Record<string, JsonSchema> {
  const shared = { ...PRIMITIVES, ...ENTITIES, ...FRAMES }
  // By content, because TypeBox copies a schema to make it optional.
  const names = new Map(Object.entries(shared).map(([name, schema]) => [JSON.stringify(schema), name]))
  const ref = (name: string) => ({ $ref: base + name })
  const plain = (schema: TSchema): JsonSchema => withReferences(schema, names, base, true) as JsonSchema
  const frame = (schema: TSchema, replaced: JsonSchema, required: readonly string[] = []): JsonSchema => {
    const { properties, required: always, ...rest } = plain(schema) as { properties: JsonSchema; required: string[] }
    return { ...rest, required: [...always, ...required], properties: { ...properties, ...replaced } }
  }
  const all: Record<string, JsonSchema> = {}
  for (const [name, schema] of Object.entries(shared)) all[name] = plain(schema)
  for (const [name, row] of Object.entries(COMMANDS) as [string, CommandRow][]) {
    const needsData = (row.params['required'] ?? []).length > 0
    all[`${name}.params`] = { description: `Parameters of \`${name}\`.`, ...plain(row.params) }
    all[`${name}.result`] = { description: `Result of \`${name}\`.`, ...plain(row.result) }
    all[`${name}.command`] = {
      description: row.description,
      ...frame(CommandFrame, { type: { const: name }, data: ref(`${name}.params`) }, needsData ? ['data'] : []),
    }
    all[`${name}.reply`] = {
      description: `The reply to \`${name}\`.`,
      ...frame(ReplyFrame, { data: ref(`${name}.result`) }),
    }
  }
  for (const [name, row] of Object.entries(EVENTS) as [string, EventRow][]) {
    all[`${name}.data`] = { description: `Data of \`${name}\`.`, ...plain(row.data) }
    all[`${name}.event`] = {
      description: row.description,
      ...frame(EventFrame, { type: { const: name }, data: ref(`${name}.data`) }),
    }
  }
  return all
}

/** One JSON Schema (2020-12) for the whole protocol. It validates every frame; `$defs` has each part by name. */
export function jsonSchema(): JsonSchema {
  const base = '#/$defs/'
  const frames = [
    ...Object.keys(COMMANDS).map(name => `${name}.command`),
    'ReplyFrame',
    'ErrorFrame',
    ...Object.keys(EVENTS).map(name => `${name}.event`),
  ]
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: BUNDLE_ID,
    title: `Cuewire protocol, version ${PROTOCOL_VERSION}`,
    description: 'Every frame on the WebSocket, in both directions.',
    anyOf: frames.map(name => ({ $ref: base + name })),
    $defs: schemas(base),
  }
}

/** Copies a value as plain JSON and replaces named parts with references. */
function withReferences(value: unknown, names: ReadonlyMap<string, string>, base: string, top = false): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => withReferences(item, names, base))
  const name = top ? undefined : names.get(JSON.stringify(value))
  if (name) return { $ref: base + name }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withReferences(part, names, base)]))
}

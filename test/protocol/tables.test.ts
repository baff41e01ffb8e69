import type { CommandRow, EventRow } from '@cuewire/protocol'
import { CLOSE_CODES, COMMANDS, closeVerdict, ERROR_CODES, EVENTS, reference } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import type { TSchema } from '@sinclair/typebox'
import t from 'tap'

const commands = Object.entries(COMMANDS) as [string, CommandRow][]
const events = Object.entries(EVENTS) as [string, EventRow][]

t.test('the example of every command fits its schemas', async t => {
  for (const [name, row] of commands) {
    t.same(new SchemaCheck(row.params).faults(row.example.params), [], `params of ${name}`)
    t.same(new SchemaCheck(row.result).faults(row.example.result), [], `result of ${name}`)
  }
})

t.test('the example of every event fits its schema', async t => {
  for (const [name, row] of events) t.same(new SchemaCheck(row.data).faults(row.example), [], name)
})

t.test('every object a client sends rejects unknown keys', async t => {
  for (const [name, row] of commands) t.same(openObjects(row.params), [], name)
})

t.test('every string and array a client sends is bounded', async t => {
  for (const [name, row] of commands) t.same(unbounded(row.params), [], name)
})

t.test('a close code lies in the range of its verdict', async t => {
  for (const { code } of Object.values(CLOSE_CODES)) t.ok(code >= 4000 && code < 4300)
  t.equal(closeVerdict(4000), 'fatal')
  t.equal(closeVerdict(4150), 'reconnect-later')
  t.equal(closeVerdict(4299), 'reconnect-now')
  t.equal(closeVerdict(1006), 'reconnect-later')
})

t.test('the reference names every command, event, error code and close code', async t => {
  const text = reference()
  for (const name of [...Object.keys(COMMANDS), ...Object.keys(EVENTS), ...Object.keys(ERROR_CODES)]) {
    t.ok(text.includes(`\`${name}\``), name)
  }
  for (const { code } of Object.values(CLOSE_CODES)) t.ok(text.includes(`| ${code} |`))
})

function walk(schema: TSchema, path: string, visit: (schema: TSchema, path: string) => void): void {
  visit(schema, path)
  const properties: Record<string, TSchema> = schema['properties'] ?? {}
  for (const [key, property] of Object.entries(properties)) walk(property, `${path}/${key}`, visit)
  const items: TSchema | undefined = schema['items']
  if (items) walk(items, `${path}/*`, visit)
}

function openObjects(schema: TSchema): string[] {
  const found: string[] = []
  walk(schema, '', (part, path) => {
    if (part['type'] === 'object' && part['additionalProperties'] !== false) found.push(path)
  })
  return found
}

function unbounded(schema: TSchema): string[] {
  const found: string[] = []
  walk(schema, '', (part, path) => {
    const bound = part['type'] === 'string' ? (part['maxLength'] ?? part['pattern'] ?? part['enum']) : part['maxItems']
    if ((part['type'] === 'string' || part['type'] === 'array') && bound === undefined) found.push(path)
  })
  return found
}

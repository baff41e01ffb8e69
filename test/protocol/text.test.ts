import type { CommandRow } from '@cuewire/protocol'
import { COMMANDS, CommandFrame, line, TEXT_KINDS, text } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import { type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'

const commands = Object.entries(COMMANDS) as [string, CommandRow][]
const KINDS = ['line', 'text', 'file'] as const
type Kind = (typeof KINDS)[number]

/** Text by the kinds that allow it. */
const ALLOWED: readonly (readonly [value: string, kinds: readonly Kind[]])[] = [
  ['', KINDS],
  ['Häfen "und" Boote', KINDS],
  ['🦊 👨‍👩‍👧‍👦 🇩🇪 \u{1d400} e\u0301', KINDS],
  ['שלום\u200f', KINDS],
  ['\ufeff \ufffe \uffff \u{10ffff}', KINDS],
  ['a\nb', ['text', 'file']],
  ['a\r\nb\tc', ['text', 'file']],
  ['a\u2028b\u2029c', ['text', 'file']],
  ['\u202eabc\u202c', ['text', 'file']],
  ['\u2066abc\u2069', ['text', 'file']],
  ['a\u0000', ['file']],
  ['\u001b[31m', ['file']],
  ['\u007f', ['file']],
  ['\u0085', ['file']],
  ['\u009b', ['file']],
  ['\v\f', ['file']],
  ['\ud83d', []],
  ['\ude00', []],
  ['\ude00\ud83d', []],
  ['🦊\ud83d', []],
  ['\ud83d🦊', []],
]

t.test('each kind of text allows what it says, in every reading of its pattern', async t => {
  for (const kind of KINDS) {
    const { pattern } = TEXT_KINDS[kind]
    const schema = Type.String({ pattern })
    const check = new SchemaCheck(schema)
    for (const [value, kinds] of ALLOWED) {
      const allowed = kinds.includes(kind)
      // As numbers: some of these characters end a line of the report.
      const shown = `${kind}: ${[...value].map(character => character.codePointAt(0)?.toString(16)).join(' ')}`
      t.equal(new RegExp(pattern, 'u').test(value), allowed, `${shown} with the flag u`)
      t.equal(new RegExp(pattern).test(value), allowed, `${shown} without it`)
      t.equal(check.valid(value), allowed, `${shown} compiled`)
      t.equal(Value.Check(schema, value), allowed, `${shown} interpreted`)
    }
  }
})

t.test('characters are counted as code points', async t => {
  const check = new SchemaCheck(line({ minLength: 2, maxLength: 3 }))
  t.same(
    ['🦊', '🦊🦊', '🦊🦊🦊', '🦊🦊🦊🦊'].map(value => check.valid(value)),
    [false, true, true, false],
  )
})

t.test('a fault says what is wanted, and which character is not', async t => {
  const messageOf = (schema: TSchema, value: string) => new SchemaCheck(schema).faults(value)[0]?.message
  t.equal(
    messageOf(line(), 'Ha\u0007rbour'),
    'must be one line of text, without control characters, line breaks and bidirectional overrides; character 3 is U+0007',
  )
  t.match(messageOf(line(), '🦊\ud83d'), /; character 2 is U\+D83D, half of a surrogate pair$/)
  t.match(messageOf(text(), 'a\n\u0000'), /^must be text without control characters .*; character 3 is U\+0000$/)
  t.match(messageOf(text(), `${'🦊'.repeat(400_000)}\ud83d`), /character 400001 is U\+D83D/)
})

t.test('every string a client sends is a choice, has a pattern of its own, or is of a kind of text', async t => {
  for (const [name, row] of [...commands, ['the frame', { params: CommandFrame }] as const]) {
    t.same(plainStrings(row.params), [], name)
  }
})

function plainStrings(schema: TSchema, path = ''): string[] {
  const union: readonly TSchema[] = schema['anyOf'] ?? []
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>)
  const items: TSchema | undefined = schema['items']
  const plain = schema['type'] === 'string' && schema['pattern'] === undefined && schema['enum'] === undefined
  return [
    ...(plain ? [path] : []),
    ...union.flatMap(member => plainStrings(member, path)),
    ...properties.flatMap(([key, property]) => plainStrings(property, `${path}/${key}`)),
    ...(items ? plainStrings(items, `${path}/*`) : []),
  ]
}

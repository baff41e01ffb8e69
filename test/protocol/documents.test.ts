import { Parser } from '@asyncapi/parser'
import type { CommandRow, EventRow } from '@cuewire/protocol'
import { asyncApi, BUNDLE_ID, COMMANDS, EVENTS, jsonSchema, reference } from '@cuewire/protocol'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t from 'tap'
import { startServer } from '../support/server.js'

const commands = Object.entries(COMMANDS) as [string, CommandRow][]
const events = Object.entries(EVENTS) as [string, EventRow][]
const AT = '2026-11-23T09:30:00.000Z'

function bundle() {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true, allErrors: true })
  ajv.addSchema(jsonSchema())
  const faults = (name: string, data: unknown) => {
    const check = ajv.getSchema(name ? `${BUNDLE_ID}#/$defs/${name}` : BUNDLE_ID)
    if (!check) throw new Error(`the bundle has no ${name}`)
    return check(data) ? [] : check.errors
  }
  return { faults }
}

t.test('every command and event has a description and an example that the JSON Schema bundle accepts', async t => {
  const { faults } = bundle()
  for (const [name, row] of commands) {
    t.ok(row.description.length > 0, name)
    const command = { type: name, id: 1, data: row.example.params }
    const reply = { type: 'reply', id: 1, data: row.example.result }
    t.same(faults(`${name}.params`, row.example.params), [], name)
    t.same(faults(`${name}.result`, row.example.result), [], name)
    t.same(faults(`${name}.command`, command), [], name)
    t.same(faults(`${name}.reply`, reply), [], name)
    t.same(faults('', command), [], name)
  }
  for (const [name, row] of events) {
    t.ok(row.description.length > 0, name)
    t.same(faults(`${name}.data`, row.example), [], name)
    t.same(faults('', { type: name, at: AT, data: row.example }), [], name)
  }
})

t.test('every definition of the bundle compiles, and every reference in it leads somewhere', async t => {
  const { faults } = bundle()
  const { $defs } = jsonSchema() as { $defs: Record<string, unknown> }
  for (const name of Object.keys($defs)) t.doesNotThrow(() => faults(name, null), name)
})

t.test('the bundle refuses what the tables refuse', async t => {
  const { faults } = bundle()
  t.ok(faults('video.get.params', {})?.length)
  t.ok(faults('video.get.params', { videoId: 'x' })?.length)
  t.ok(
    faults('video.get.command', { type: 'video.get', data: { videoId: '01JD7Z0V3N8W6XQ2K4T5R9M1AB', more: 1 } })
      ?.length,
  )
  t.ok(faults('video.get.command', { type: 'video.get' })?.length, 'data is required where a parameter is')
  t.ok(faults('', { type: 'no.such', at: AT, data: {} })?.length)
})

t.test('the reference gives the bounds of values, unions and list items', async t => {
  const lines = reference().split('\n')
  for (const line of [
    '  id?: integer | string  // integer: 0 to 2^53-1; string: one line, 1 to 64 characters',
    '  key?: string  // idempotency key of a mutating command; one line, 1 to 128 characters',
    '  seq?: integer  // 0 to 2^53-1',
    '  query: string  // text, 1 to 1000 characters',
    '  limit?: integer  // most rows in the page, default 50; a page of large rows holds fewer; 1 to 200',
    '  text: string  // text, at most 20000 characters',
    '  text: string  // file text, 1 to 500000 characters',
    '  frameRate?: number  // average frames per second; above 0',
    '  sampleRate: integer  // at least 1',
    '  videoIds?: Id[]  // 1 to 100 items, no two alike',
    '  keywords: string[]  // at most 20 items, each one line, 1 to 100 characters',
    'type Confidence = number  // confidence of the model; 0 to 1',
  ]) {
    t.ok(
      lines.some(said => said.trim() === line.trim()),
      line,
    )
  }
})

t.test('the AsyncAPI document is valid and has each command with its reply, and each event', async t => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi()))
  // 0 is an error, 1 a warning; the parser also informs, at 2 and 3, of newer versions of the specification.
  t.same(
    diagnostics.filter(({ severity }) => severity <= 1),
    [],
  )
  if (!document) throw new Error('the parser gave no document')
  t.equal(document.version(), '3.0.0')
  for (const [name] of commands) {
    const operation = document.operations().get(name)
    t.ok(operation?.isReceive(), name)
    const replies = operation?.reply()?.messages().all() ?? []
    t.equal(replies.length, 2, `${name} has a reply and an error`)
  }
  for (const [name] of events) t.ok(document.operations().get(name)?.isSend(), name)
  for (const message of document.allMessages().all()) t.equal(message.examples().all().length, 1, message.id())
  t.same(
    document
      .securitySchemes()
      .all()
      .map(scheme => scheme.id()),
    ['bearer', 'subprotocol', 'ticket'],
  )
})

t.test('both documents are served as they are derived, and need no token', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: 's'.repeat(32) })
  for (const [path, type, wanted] of [
    ['/schema.json', 'application/schema+json', jsonSchema()],
    ['/asyncapi.json', 'application/vnd.aai.asyncapi+json;version=3.0.0', asyncApi()],
  ] as const) {
    const reply = await fetch(`http://127.0.0.1:${port}${path}`)
    t.equal(reply.status, 200)
    t.equal(reply.headers.get('content-type'), type)
    t.same(await reply.json(), JSON.parse(JSON.stringify(wanted)))
  }
})

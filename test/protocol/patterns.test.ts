import { COMMANDS, CommandFrame, EVENTS, PATTERNS, TEXT_KINDS } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import t from 'tap'

t.test('a fault of a pattern says in words what is meant', async t => {
  const faults = (name: keyof typeof COMMANDS, params: object) => new SchemaCheck(COMMANDS[name].params).faults(params)
  t.strictSame(faults('video.get', { videoId: 'x' }), [{ pointer: '/videoId', message: PATTERNS.id.rule }])
  t.strictSame(faults('subscribe', { topic: 'video' }), [{ pointer: '/topic', message: PATTERNS.topic.rule }])
  const frame = new SchemaCheck(CommandFrame)
  t.strictSame(frame.faults({ type: 'Video List' }), [{ pointer: '/type', message: PATTERNS.frameType.rule }])
  t.notOk(frame.valid({ type: 'ping', traceparent: 'x' }))
  t.strictSame(frame.lastFault(), [{ pointer: '/traceparent', message: PATTERNS.traceparent.rule }])
})

t.test('every pattern of the protocol has its words', async t => {
  const known = new Set<unknown>(
    [...Object.values(PATTERNS), ...Object.values(TEXT_KINDS)].map(({ pattern }) => pattern),
  )
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'pattern' && typeof inner === 'string') t.ok(known.has(inner), `${path}: ${inner}`)
      look(inner, `${path}/${key}`)
    }
  }
  look({ COMMANDS, EVENTS, CommandFrame }, '')
})

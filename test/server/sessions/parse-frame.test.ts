import { COMMANDS, type CommandName, LIMITS } from '@cuewire/protocol'
import { parseFrame } from '@cuewire/server/sessions/parse-frame.js'
import fc from 'fast-check'
import t from 'tap'

const ID = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

t.test('valid frames', async t => {
  for (const frame of [
    { type: 'ping' },
    { type: 'video.list' },
    { type: 'video.list', data: {} },
    { type: 'video.get', id: 7, data: { videoId: ID } },
    { type: 'video.get', id: 'x', key: 'k', data: { videoId: ID } },
    { type: 'ping', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
  ]) {
    t.match(
      parseFrame(JSON.stringify(frame)),
      { fault: undefined, command: { name: frame.type } },
      JSON.stringify(frame),
    )
  }
})

t.test('invalid frames get the code and the pointer of each fault', async t => {
  const cases: [text: string, code: string, pointers: string[]][] = [
    ['', 'frame.not_json', []],
    ['{', 'frame.not_json', []],
    ['null', 'frame.invalid', ['']],
    ['[]', 'frame.invalid', ['']],
    ['[{"type":"ping"}]', 'frame.invalid', ['']],
    ['"ping"', 'frame.invalid', ['']],
    ['{}', 'frame.invalid', ['']],
    ['{"type":7}', 'frame.invalid', ['/type']],
    ['{"type":"PING"}', 'frame.invalid', ['/type']],
    ['{"type":"ping","extra":1}', 'frame.invalid', ['/extra']],
    ['{"type":"ping","a/b":1,"c":2}', 'frame.invalid', ['/a~1b', '/c']],
    ['{"type":"ping","data":[]}', 'frame.invalid', ['/data']],
    ['{"type":"ping","id":-1}', 'frame.invalid', ['/id']],
    ['{"type":"ping","key":"\\ud83d"}', 'frame.invalid', ['/key']],
    ['{"type":"ping","\\ud83d\\u0007":1}', 'frame.invalid', ['/\ufffd']],
    ['{"type":"no.such"}', 'command.unknown', []],
    ...[
      'x',
      'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '00-00000000000000000000000000000000-b7ad6b7169203331-01',
      '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
      '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-the-future-brings',
    ].map((traceparent): [string, string, string[]] => [
      JSON.stringify({ type: 'ping', traceparent }),
      'frame.invalid',
      ['/traceparent'],
    ]),
    ['{"type":"constructor"}', 'command.unknown', []],
    ['{"type":"ping","data":{"x":1}}', 'command.invalid', ['/data/x']],
    ['{"type":"video.get"}', 'command.invalid', ['/data']],
    ['{"type":"video.get","data":{"videoId":"x"}}', 'command.invalid', ['/data/videoId']],
    ['{"type":"video.list","data":{"limit":0,"y":1}}', 'command.invalid', ['/data/limit', '/data/y']],
  ]
  for (const [text, code, pointers] of cases) {
    const parsed = parseFrame(text)
    t.match(parsed, { fault: { code } }, text)
    const details = parsed.fault?.details ?? []
    for (const pointer of pointers)
      t.ok(
        details.some(detail => detail.pointer === pointer),
        `${text} names ${pointer}`,
      )
  }
})

t.test('what is not JSON is told with its place, where Node knows it, and with an example', async t => {
  const messageOf = (text: string) => parseFrame(text).fault?.message
  t.equal(
    messageOf('{"type":"ping",}'),
    'The frame is not valid JSON at position 15. A frame looks like {"type":"ping","id":1}.',
  )
  t.equal(messageOf(''), 'The frame is not valid JSON. A frame looks like {"type":"ping","id":1}.')
  t.equal(messageOf('x in JSON at position 3'), messageOf(''), 'the text may be quoted, and is no place')
  t.match(parseFrame('{"type":"ping","id":1}'), { fault: undefined, id: 1 }, 'the example is right')
})

t.test('an unknown command that is near a known one names that', async t => {
  const messageOf = (type: string) => parseFrame(JSON.stringify({ type })).fault?.message
  t.equal(messageOf('video.lst'), 'There is no command "video.lst". Did you mean video.list?')
  t.equal(messageOf('no.such'), 'There is no command "no.such".')
})

t.test('every command that takes a span refuses one that ends before it starts', async t => {
  const names = Object.keys(COMMANDS).filter(name => 'start' in COMMANDS[name as CommandName].params.properties)
  t.strictSame(names.sort(), [
    'audio.get',
    'chapters.get',
    'detections.get',
    'keywords.get',
    'loudness.get',
    'objects.get',
    'outline.get',
    'scenes.get',
    'shots.get',
    'sounds.get',
    'summary.get',
    'text.get',
    'timeline.get',
    'tracks.get',
    'transcript.get',
  ])
  const parse = (type: string, span: object) => parseFrame(JSON.stringify({ type, data: { videoId: ID, ...span } }))
  for (const name of names) {
    t.match(
      parse(name, { start: 5, end: 4.999 }),
      { fault: { code: 'command.invalid', message: /\/data\/end/, details: [{ pointer: '/data/end' }] } },
      name,
    )
    for (const span of [{ start: 5, end: 5 }, { start: 5, end: 6 }, { start: 5 }, { end: 0 }]) {
      t.match(parse(name, span), { fault: undefined }, `${name} ${JSON.stringify(span)}`)
    }
  }
})

t.test('a frame nested too deep is refused before it is parsed', async t => {
  // The frame, `data` and `x` are three levels of their own.
  const nested = (levels: number) => `{"type":"ping","data":{"x":${'['.repeat(levels)}${']'.repeat(levels)}}}`
  t.match(parseFrame(nested(14)), { fault: { code: 'command.invalid' } })
  t.match(parseFrame(nested(15)), { fault: { code: 'frame.too_deep' } })
  t.match(parseFrame(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`), { fault: { code: 'frame.too_deep' } })
  t.match(parseFrame(`${'[{"a":'.repeat(8)}1${'}]'.repeat(8)}`), { fault: { code: 'frame.invalid' } })
})

t.test('brackets that close again, or are in strings, make no depth', async t => {
  const title = '[{'.repeat(40)
  for (const text of [title, `"${title}`, `\\"${title}\\`, `\\${title}`]) {
    const frame = JSON.stringify({ type: 'video.list', data: { cursor: text } })
    t.match(parseFrame(frame), { fault: undefined, params: { cursor: text } }, text.slice(0, 6))
  }
  t.match(parseFrame(`[${'[],'.repeat(100)}0]`), { fault: { code: 'frame.invalid' } })
  t.match(parseFrame(`["\\"","${title}"]`), { fault: { code: 'frame.invalid' } })
})

t.test('a frame of too many values is refused before it is parsed', async t => {
  const keys = (count: number) =>
    `{"type":"ping","data":{${Array.from({ length: count - 1 }, (_, at) => `"${at}":1`)}}}`
  const arrays = (count: number) => `{"type":"ping","data":{"a":[${Array.from({ length: count - 1 }, () => '[]')}]}}`
  for (const withValues of [keys, arrays]) {
    t.match(parseFrame(withValues(LIMITS.values)), { fault: { code: 'command.invalid' } })
    t.match(parseFrame(withValues(LIMITS.values + 1)), { fault: { code: 'frame.too_many_values' } })
  }
})

t.test('commas in strings separate no values', async t => {
  const cursor = ','.repeat(200)
  const frame = JSON.stringify({ type: 'transcript.put', data: { text: cursor.repeat(100) } })
  t.match(parseFrame(frame), { fault: { code: 'command.invalid' } })
  t.match(parseFrame(JSON.stringify({ type: 'video.list', data: { cursor } })), { fault: undefined })
})

t.test('half a megabyte of brackets is refused before it is parsed', async t => {
  for (const piece of ['[', '{"a":', '[]', '"', '\\']) {
    const text = piece.repeat(Math.floor((512 * 1024) / piece.length))
    const code = piece === '[' || piece === '{"a":' ? 'frame.too_deep' : 'frame.not_json'
    t.match(parseFrame(text), { fault: { code } }, piece)
  }
})

t.test('the id of a faulty frame is echoed when it is usable', async t => {
  t.match(parseFrame('{"type":"no.such","id":7}'), { id: 7 })
  t.match(parseFrame('{"type":"no.such","id":"🦊"}'), { id: '🦊' })
  for (const id of ['\\ud83d', '\\u0007', ' \\n']) {
    t.match(parseFrame(`{"type":"ping","id":"${id}"}`), { id: undefined, fault: { code: 'frame.invalid' } })
  }
  t.match(parseFrame('{"type":7,"id":"a"}'), { id: 'a' })
  t.match(parseFrame('{"type":7,"id":{}}'), { id: undefined })
})

t.test('no text makes the parser throw', async t => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), text => {
      parseFrame(text)
    }),
    { numRuns: 2000 },
  )
  t.pass('2,000 texts')
})

t.test('a frame cannot reach the prototype', async t => {
  const parsed = parseFrame('{"type":"ping","__proto__":{"polluted":true}}')
  t.match(parsed, { fault: { code: 'frame.invalid' } })
  t.notOk('polluted' in {})
})

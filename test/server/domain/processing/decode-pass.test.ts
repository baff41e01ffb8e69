import { DecodePass } from '@cuewire/server/domain/processing/decode-pass.js'
import t from 'tap'

const { signal } = new AbortController()
const sink = (frame: () => Promise<void>) => [{ width: 2, height: 2, rate: 1, frame }] as const
const picture = { at: 0, width: 2, height: 2, data: new Uint8Array(12) }

t.test('the pass learns what is wanted once every stage has asked or left', async t => {
  const pass = new DecodePass(['shots', 'objects', 'transcript'])
  let known = false
  const wishes = pass.wishes(signal).then(list => {
    known = true
    return list
  })
  const frames = pass.frames(
    'shots',
    sink(async () => undefined),
    3,
    signal,
  )
  pass.leave('objects')
  await new Promise(resolve => setImmediate(resolve))
  t.notOk(known, 'the transcript has not said')
  pass.wantAudio('transcript')
  const audio = pass.audio(signal)
  t.match(await wishes, [{ kind: 'frames', from: 3 }, { kind: 'audio' }])

  pass.audioBegan({ whole: false })
  await audio
  t.notOk(pass.audioWhole)
  pass.end({ picture: { end: 4 } })
  t.strictSame(await frames, { end: 4 })
  t.ok(pass.audioWhole)
})

t.test('a pass that feeds nobody is known at once', async t => {
  t.strictSame(await new DecodePass([]).wishes(signal), [])
})

t.test('a sink that fails is told so itself, and breaks the pass', async t => {
  const pass = new DecodePass(['objects'])
  const frames = pass.frames(
    'objects',
    sink(() => Promise.reject(new Error('no memory'))),
    0,
    signal,
  )
  const [wish] = await pass.wishes(signal)
  if (wish?.kind !== 'frames') throw new Error('frames were asked for')
  const rejected = t.rejects(frames, { message: 'no memory' })
  await t.rejects(Promise.resolve(wish.sinks[0]?.frame(picture)), { message: 'no memory' })
  await rejected
})

t.test('who waits for frames is released by the signal', async t => {
  const pass = new DecodePass(['shots'])
  const controller = new AbortController()
  const frames = pass.frames(
    'shots',
    sink(async () => undefined),
    0,
    controller.signal,
  )
  controller.abort(new Error('enough'))
  await t.rejects(frames, { message: 'enough' })
})

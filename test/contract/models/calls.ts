import { MODEL_TASKS, type Models } from '@cuewire/server/models/models.js'
import type { Test } from 'tap'

const RATE = 16_000
const BLACK = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }

/** How calls are made, refused and aborted. */
export function callsContract(t: Test, models: Models): void {
  t.test('every task has a pack that is ready, and it is the one that does the work', async t => {
    const statuses = (await models.status()).slice(0, MODEL_TASKS.length)
    const opened = await Promise.all([
      models.speech(),
      models.voiceActivity(),
      models.objects(),
      models.sentences(),
      models.text(),
    ])
    const [speech, , objects, sentences] = opened
    t.strictSame(
      statuses,
      opened.map(({ pack }, at) => ({ task: MODEL_TASKS[at], state: 'ready', pack })),
    )
    for (const { pack } of opened) t.match(pack, /^[a-z0-9-]+@[0-9.]+$/)
    for (const { parallel } of [speech, objects, sentences]) t.ok(Number.isInteger(parallel) && parallel >= 1)
    t.ok(speech.maxSpan > 0)
  })

  t.test('what no model can read is refused, and the next call is answered', async t => {
    const [speech, objects, text] = await Promise.all([models.speech(), models.objects(), models.text()])
    const { width, height } = objects.input
    const tooLarge = { width: width + 1, height: 1, data: new Uint8Array((width + 1) * 3) }
    const tooHigh = { width: 1, height: height + 1, data: new Uint8Array((height + 1) * 3) }
    for (const image of [tooLarge, tooHigh, { ...BLACK, data: BLACK.data.subarray(1) }]) {
      await t.rejects(objects.detect(image), { name: 'RangeError' })
    }
    const tooWide = { width: text.input.width + 1, height: 1, data: new Uint8Array((text.input.width + 1) * 3) }
    for (const image of [tooWide, { ...BLACK, data: BLACK.data.subarray(1) }]) {
      await t.rejects(text.find(image, { glance: true }), { name: 'RangeError' })
      await t.rejects(text.read(image, { x: 0, y: 0, width: 1, height: 1 }), { name: 'RangeError' })
    }
    for (const samples of [0, 61 * RATE]) {
      await t.rejects(speech.transcribe(new Float32Array(samples)), { name: 'RangeError' })
    }
    t.strictSame(await objects.detect(BLACK), [], 'nothing is seen in the dark')
    t.match(await speech.transcribe(new Float32Array(RATE)), { text: '', words: [], repeats: false })
    t.strictSame(await (await models.voiceActivity()).open({ maxSpan: 15 }).finish(), [])
  })

  t.test('an abort rejects at once with its reason, and the models go on', async t => {
    const [speech, objects, voiceActivity, sentences] = await Promise.all([
      models.speech(),
      models.objects(),
      models.voiceActivity(),
      models.sentences(),
    ])
    const stream = voiceActivity.open({ maxSpan: 15 })
    const silence = new Float32Array(RATE)
    const reason = new Error('enough')
    const controller = new AbortController()
    const { signal } = controller
    const calls: Promise<unknown>[] = [
      ...Array.from({ length: objects.parallel + 1 }, () => objects.detect(BLACK, signal)),
      ...Array.from({ length: speech.parallel + 1 }, () => speech.transcribe(silence, signal)),
      ...Array.from({ length: sentences.parallel + 1 }, () => sentences.encode('Enough is enough.', signal)),
      stream.push(silence, signal),
    ]
    controller.abort(reason)
    await Promise.all(calls.map(call => t.rejects(call, reason)))
    await t.rejects(objects.detect(BLACK, signal), reason, 'as it does when it was aborted before')
    t.strictSame(await objects.detect(BLACK), [])
    t.match(await speech.transcribe(silence), { text: '' })
    t.strictSame(await stream.push(silence), [])
  })

  t.test('the image and the samples given stay whole, also when they are part of a buffer', async t => {
    const [speech, objects] = await Promise.all([models.speech(), models.objects()])
    const frames = Buffer.alloc(2 * BLACK.data.length, 7)
    const sound = new Float32Array(RATE).fill(0.001)
    const half = frames.length / 2
    await Promise.all([
      ...[0, half].map(at => objects.detect({ ...BLACK, data: frames.subarray(at, at + half) })),
      speech.transcribe(sound.subarray(RATE / 2)),
    ])
    t.ok(frames.length === 2 * half && frames.every(value => value === 7))
    t.ok(sound.length === RATE && sound.every(value => value === Math.fround(0.001)))
  })
}

/** What closing does; the models are closed afterwards. */
export function closingContract(t: Test, models: Models): void {
  t.test('closing rejects what is under way and what comes later, and closing again is the same', async t => {
    const objects = await models.objects()
    const stream = (await models.voiceActivity()).open({ maxSpan: 15 })
    const calls: Promise<unknown>[] = [objects.detect(BLACK), stream.push(new Float32Array(RATE))]
    const rejections = calls.map(call => t.rejects(call, { code: 'stage.failed' }))
    await Promise.all([models.close(), models.close(), ...rejections])
    await t.rejects(objects.detect(BLACK), { code: 'stage.failed' })
    await t.rejects(models.objects(), { code: 'server.draining' })
    await t.resolves(models.close())
  })
}

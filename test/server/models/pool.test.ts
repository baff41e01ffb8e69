import { mock } from 'node:test'
import { ModelThread } from '@cuewire/server/models/pool.js'
import t, { type Test } from 'tap'

const entry = new URL('../../support/frail-worker.js', import.meta.url)

function frailThread(t: Test): ModelThread {
  const thread = new ModelThread({
    packs: {},
    label: 'frail thread',
    entry,
  })
  t.teardown(() => thread.close())
  return thread
}

const threadNumber = async (thread: ModelThread) => {
  return (await thread.call<'describe'>({ name: 'describe', pack: 'objects@1', params: {} })).loadMs
}

const detect = (thread: ModelThread, width: number, signal?: AbortSignal) =>
  thread.call<'detect'>(
    { name: 'detect', pack: 'objects@1', params: { width, height: 1, data: new Uint8Array() } },
    { signal },
  )

t.test('a thread that exits rejects every pending call and is replaced at the next', async t => {
  const thread = frailThread(t)
  const first = await threadNumber(thread)
  const waiting = detect(thread, 9)
  const fatal = detect(thread, 1)
  await t.rejects(waiting, { code: 'stage.failed', message: 'The frail thread ended with code 3.' })
  await t.rejects(fatal, { code: 'stage.failed', message: 'The frail thread ended with code 3.' })
  t.not(await threadNumber(thread), first)
})

t.test('a thread that throws rejects every pending call with the cause and is replaced', async t => {
  const thread = frailThread(t)
  const first = await threadNumber(thread)
  const waiting = detect(thread, 9)
  const fatal = detect(thread, 2)
  await t.rejects(waiting, { message: /failed: out of memory/, cause: { message: 'out of memory, say' } })
  await t.rejects(fatal, { message: /failed: out of memory/ })
  t.not(await threadNumber(thread), first)
})

t.test('a call that fails leaves the thread alive', async t => {
  const thread = frailThread(t)
  const first = await threadNumber(thread)
  await t.rejects(detect(thread, 3), { code: 'stage.failed', message: 'The frail thread failed: a bad picture.' })
  t.equal(await threadNumber(thread), first)
})

t.test('an answer of the wrong shape is refused', async t => {
  await t.rejects(detect(frailThread(t), 4), { message: /answered with a fault at \/0\/confidence/ })
})

t.test('an abort rejects at once with its reason, and the thread goes on', async t => {
  const thread = frailThread(t)
  const first = await threadNumber(thread)
  const controller = new AbortController()
  const waiting = detect(thread, 9, controller.signal)
  const reason = new Error('no longer wanted')
  controller.abort(reason)
  await t.rejects(waiting, reason)
  t.equal(await threadNumber(thread), first)
  await t.rejects(detect(thread, 9, controller.signal), reason, 'a signal aborted before sends nothing')
})

t.test('closing rejects what waits, and later calls; closing again is the same closing', async t => {
  const thread = frailThread(t)
  await threadNumber(thread)
  const waiting = detect(thread, 9)
  const closing = thread.close()
  t.equal(thread.close(), closing)
  await t.rejects(waiting, { code: 'stage.failed', message: /was closed/ })
  await closing
  await t.rejects(threadNumber(thread), { message: /is closed/ })
})

t.test('closing lets a call that cannot be interrupted run to its end, however long', async t => {
  const thread = frailThread(t)
  await threadNumber(thread)
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const data = new Uint8Array(shared.buffer)
  const waiting = thread.call<'detect'>({ name: 'detect', pack: 'objects@1', params: { width: 5, height: 1, data } })
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => mock.timers.reset())
  const closing = thread.close()
  await t.rejects(waiting, { message: /was closed/ })
  mock.timers.tick(3_600_000)
  Atomics.store(shared, 0, 1)
  Atomics.notify(shared, 0)
  await closing
  t.equal(shared[1], 1)
})

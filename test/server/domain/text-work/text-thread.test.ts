import type { TextThread, TextThreadOptions } from '@cuewire/server/domain/text-work/text-thread.js'
import t, { type Test } from 'tap'
import { useTextThread } from '../../../support/text-thread.js'

const entry = new URL('../../../support/frail-text-worker.js', import.meta.url)
const frail = (t: Test, options: Partial<TextThreadOptions> = {}) => useTextThread(t, { entry, ...options })
/** The id of the thread that answers. */
const ask = async (thread: TextThread, text = 'who', signal?: AbortSignal): Promise<unknown> =>
  thread.run('query', text, signal)

t.test('a thread that exits or throws fails the call under way alone, and is replaced', async t => {
  const thread = frail(t)
  const first = await ask(thread)
  for (const [text, message] of [
    ['exit', 'the thread text-test ended with code 3'],
    ['throw', 'the thread text-test failed: out of memory, say'],
  ] as const) {
    const fatal = ask(thread, text)
    const next = ask(thread)
    await t.rejects(fatal, { message })
    t.not(await next, first, 'what waited runs in another')
  }
})

t.test('a call that takes longer than the deadline is given up, and the next one runs', async t => {
  const thread = frail(t, { deadlineMs: 5000 })
  const first = await ask(thread)
  const endless = ask(thread, 'loop')
  const next = ask(thread)
  await t.rejects(endless, { code: 'server.busy', message: /longer than 5000 ms/, retryAfterMs: 1000 })
  t.not(await next, first)
})

t.test('an abort rejects at once with its reason, whether the call runs or waits', async t => {
  const thread = frail(t)
  const [running, waiting] = [new AbortController(), new AbortController()]
  const endless = ask(thread, 'loop', running.signal)
  const second = ask(thread, 'loop', waiting.signal)
  const last = ask(thread)
  const reason = new Error('no longer wanted')
  waiting.abort(reason)
  await t.rejects(second, reason)
  running.abort(reason)
  await t.rejects(endless, reason)
  t.type(await last, 'number', 'what waited behind it runs')
  await t.rejects(ask(thread, 'who', running.signal), reason, 'a signal aborted before asks nothing')
})

t.test('only so many calls wait', async t => {
  const thread = frail(t, { maxWaiting: 2 })
  const endless = ask(thread, 'loop')
  const waiting = [ask(thread), ask(thread)]
  await t.rejects(ask(thread), { code: 'server.busy', message: /Too much text is waiting/ })
  const closed = thread.close()
  for (const call of [endless, ...waiting]) await t.rejects(call, { code: 'server.draining' })
  await closed
})

t.test('closing ends what runs and refuses what comes; closing again does no harm', async t => {
  const thread = frail(t)
  const endless = ask(thread, 'loop')
  await Promise.all([thread.close(), thread.close(), t.rejects(endless, { code: 'server.draining' })])
  await t.rejects(ask(thread), { code: 'server.draining' })
  await frail(t).close()
})

t.test('a refusal keeps its code, and a fault names the call; the thread goes on', async t => {
  const thread = frail(t)
  const first = await ask(thread)
  await t.rejects(ask(thread, 'refuse'), { code: 'subtitles.invalid', message: 'No cue could be read.' })
  await t.rejects(ask(thread, 'fail'), { message: 'query failed in the thread text-test: a fault of the server' })
  t.equal(await ask(thread), first)
})

t.test('a thread that had nothing to do for a while has ended, and another takes its place', async t => {
  const thread = frail(t, { idleMs: 1 })
  const first = await ask(thread)
  await new Promise(resolve => setTimeout(resolve, 50))
  t.not(await ask(thread), first)
})

t.test('other work goes on while the thread is busy', async t => {
  const thread = useTextThread(t)
  let turns = 0
  const text = `1\n0:01 --> 0:09\n${'[a] b. '.repeat(2800)}\n`.repeat(25)
  const parsed = thread.run('checkSubtitles', { format: 'srt', text, source: 'given' })
  const turn = () => {
    turns += 1
    pending = setImmediate(turn)
  }
  let pending = setImmediate(turn)
  await parsed
  clearImmediate(pending)
  t.ok(turns > 100, `the event loop turned ${turns} times meanwhile`)
})

import { setTimeout as sleep } from 'node:timers/promises'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { CoreScheduler } from '@cuewire/server/models/core-scheduler.js'
import type { Work } from '@cuewire/server/models/work.js'
import t, { type Test } from 'tap'

const entry = new URL('../../support/frail-worker.js', import.meta.url)

function useScheduler(t: Test, options: { readonly cores: number; readonly idleMs?: number }): CoreScheduler {
  const scheduler = new CoreScheduler({ worker: { packs: {} }, entry, idleMs: 60_000, ...options })
  t.teardown(() => scheduler.close())
  return scheduler
}

/** Work done by hand: each batch waits until the test finishes it. */
class Batches {
  readonly begun: string[] = []
  readonly #ends: (() => void)[] = []

  work(maxBatch: number, copyAfterIdleMs = 0): Work<string, string> {
    return {
      pack: 'speech@1',
      maxBatch,
      copyAfterIdleMs,
      run: async (_thread, items) => {
        this.begun.push(items.join())
        const end = deferred()
        this.#ends.push(end.resolve)
        await end.promise
        return items.map(item => `${item}!`)
      },
    }
  }

  /** Ends the batch that began first, and waits until what comes of it has come. */
  async finishOne(): Promise<void> {
    this.#ends.shift()?.()
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** The number of the thread that answers. */
const THREAD_NUMBER: Work<undefined, number> = {
  pack: 'objects@1',
  maxBatch: 1,
  copyAfterIdleMs: 0,
  run: async thread => [(await thread.call<'describe'>({ name: 'describe', pack: 'objects@1', params: {} })).loadMs],
}

t.test('one item goes at once; those that wait meanwhile go together, as many as fit', async t => {
  const batches = new Batches()
  const lane = useScheduler(t, { cores: 1 }).lane(batches.work(3))
  const results = Promise.all(['a', 'b', 'c', 'd', 'e'].map(item => lane.run(item)))
  t.same(batches.begun, ['a'])
  await batches.finishOne()
  t.same(batches.begun, ['a', 'b,c,d'])
  await batches.finishOne()
  await batches.finishOne()
  t.same(await results, ['a!', 'b!', 'c!', 'd!', 'e!'])
  t.same(batches.begun, ['a', 'b,c,d', 'e'])
})

t.test('what waits is shared out between the cores that are free', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 2 })
  const first = scheduler.lane(batches.work(1))
  const both = Promise.all([first.run('x'), first.run('y')])
  const lane = scheduler.lane(batches.work(4))
  const results = Promise.all(['a', 'b', 'c', 'd'].map(item => lane.run(item)))
  await batches.finishOne()
  await batches.finishOne()
  await both
  t.same(batches.begun, ['x', 'y', 'a', 'b,c,d'], 'the first item of a lane goes alone')
  await batches.finishOne()
  await batches.finishOne()
  await results
  const again = Promise.all(['e', 'f'].map(item => lane.run(item)))
  t.same(batches.begun.slice(4), ['e', 'f'], 'with both free, each takes one')
  await batches.finishOne()
  await batches.finishOne()
  await again
})

t.test('a model that loads slowly is loaded on one more core only when that stood idle', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 2 })
  const other = scheduler.lane(THREAD_NUMBER)
  const slow = scheduler.lane(batches.work(1, 2000))
  const results = [slow.run('a')]
  await other.run(undefined)
  results.push(slow.run('b'))
  t.same(batches.begun, ['a'], 'the other core was just used')
  const { now } = performance
  t.intercept(performance, 'now', { configurable: true, value: () => now.call(performance) + 2100 })
  results.push(slow.run('c'))
  t.same(batches.begun, ['a', 'b'], 'now it stood idle')
  for (let i = 0; i < 3; i += 1) await batches.finishOne()
  await Promise.all(results)
})

t.test('that it stood idle before there was work does not count', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 2 })
  const slow = scheduler.lane(batches.work(1, 2000))
  const { now } = performance
  t.intercept(performance, 'now', { configurable: true, value: () => now.call(performance) + 2100 })
  const results = [slow.run('a'), slow.run('b')]
  t.same(batches.begun, ['a'])
  for (let i = 0; i < 2; i += 1) await batches.finishOne()
  await Promise.all(results)
})

t.test('a lane that has used less goes first', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 1 })
  const [greedy, modest] = [scheduler.lane(batches.work(1)), scheduler.lane(batches.work(1))]
  const results = ['a', 'b', 'c'].map(item => greedy.run(item))
  greedy.usedMs = 500
  results.push(modest.run('x'), modest.run('y'))
  for (let i = 0; i < 5; i += 1) await batches.finishOne()
  await Promise.all(results)
  t.same(batches.begun, ['a', 'x', 'y', 'b', 'c'])
})

t.test('credit of a lane that was away is bounded', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 1 })
  const [busy, away] = [scheduler.lane(batches.work(1)), scheduler.lane(batches.work(1))]
  const results = ['a', 'b'].map(item => busy.run(item))
  busy.usedMs = 60_000
  results.push(away.run('x'))
  t.equal(away.usedMs, 59_000)
  for (let i = 0; i < 3; i += 1) await batches.finishOne()
  await Promise.all(results)
})

t.test('an abort takes an item out of the line; a batch that nobody waits for is aborted', async t => {
  const signals: AbortSignal[] = []
  const lane = useScheduler(t, { cores: 1 }).lane<string, string>({
    pack: 'speech@1',
    maxBatch: 2,
    copyAfterIdleMs: 0,
    run: (_thread, items, signal) => {
      signals.push(signal)
      if (items.includes('never'))
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      return Promise.resolve(items)
    },
  })
  const controllers = ['never', 'waits', 'more'].map(() => new AbortController())
  const [running, waiting, last] = (['never', 'waits', 'more'] as const).map((item, i) =>
    lane.run(item, controllers[i]?.signal),
  )
  const reason = new Error('enough')
  controllers[1]?.abort(reason)
  await t.rejects(Promise.resolve(waiting), reason)
  t.equal(signals[0]?.aborted, false)
  controllers[0]?.abort(reason)
  await t.rejects(Promise.resolve(running), reason)
  t.equal(signals[0]?.aborted, true)
  t.equal(await last, 'more', 'and the next one has the core')
})

t.test('a thread that dies rejects its batch alone, and the core goes on with another', async t => {
  const scheduler = useScheduler(t, { cores: 1 })
  const numbers = scheduler.lane(THREAD_NUMBER)
  const first = await numbers.run(undefined)
  const fatal = scheduler.lane<number, unknown>({
    pack: 'objects@1',
    maxBatch: 1,
    copyAfterIdleMs: 0,
    run: async (thread, [width = 0]) => [
      await thread.call<'detect'>({
        name: 'detect',
        pack: 'objects@1',
        params: { width, height: 1, data: new Uint8Array() },
      }),
    ],
  })
  const [dead, next] = [fatal.run(1), numbers.run(undefined)]
  await t.rejects(dead, { code: 'stage.failed', message: 'The inference thread 1 ended with code 3.' })
  t.not(await next, first)
})

t.test('a thread whose models were idle is ended, and another starts when it is needed', async t => {
  const lane = useScheduler(t, { cores: 1, idleMs: 20 }).lane(THREAD_NUMBER)
  const first = await lane.run(undefined)
  let second = first
  while (second === first) {
    // Longer than a model may be idle.
    await sleep(50)
    second = await lane.run(undefined)
  }
  t.pass('the thread was replaced')
})

t.test('a model is loaded ahead once a core is free, before what waits', async t => {
  const batches = new Batches()
  const scheduler = useScheduler(t, { cores: 1 })
  const lane = scheduler.lane(batches.work(1))
  const results = Promise.all(['a', 'b'].map(item => lane.run(item)))
  scheduler.warm('objects@1')
  t.same(batches.begun, ['a'])
  await batches.finishOne()
  t.same(batches.begun, ['a'], 'the core loads a model')
  while (batches.begun.length < 2) await new Promise(resolve => setImmediate(resolve))
  await batches.finishOne()
  await results
})

t.test('closing rejects what waits and what comes later', async t => {
  const scheduler = useScheduler(t, { cores: 1 })
  const never = scheduler.lane<number, unknown>({
    pack: 'objects@1',
    maxBatch: 1,
    copyAfterIdleMs: 0,
    run: async (thread, [width = 0]) => [
      await thread.call<'detect'>({
        name: 'detect',
        pack: 'objects@1',
        params: { width, height: 1, data: new Uint8Array() },
      }),
    ],
  })
  const calls = [never.run(9), never.run(9)]
  const closing = scheduler.close()
  t.equal(scheduler.close(), closing)
  for (const call of calls) await t.rejects(call, { code: 'stage.failed', message: /closed/ })
  await closing
  await t.rejects(never.run(9), { code: 'stage.failed', message: /closed/ })
})

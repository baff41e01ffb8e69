import { once } from 'node:events'
import { getPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import t from 'tap'

const MODULE = import.meta.resolve('@cuewire/server/lib/thread-priority.js')
const SCRIPT = `
  import(${JSON.stringify(MODULE)}).then(({ yieldToEventLoop }) => {
    yieldToEventLoop()
    require('node:worker_threads').parentPort.postMessage(require('node:os').getPriority())
  })`
const skip = process.platform === 'linux' ? false : 'here threads have no priority of their own'

t.test('a thread lowers its own priority and leaves the process as it is', { skip }, async t => {
  const before = getPriority()
  const [after]: unknown[] = await once(new Worker(SCRIPT, { eval: true }), 'message')
  t.equal(after, Math.min(before + 5, 19))
  t.equal(getPriority(), before)
})

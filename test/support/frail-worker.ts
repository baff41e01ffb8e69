// A thread that stands in for a model's: its load time is its own thread id, and dies or fails when told to.
import { parentPort, threadId } from 'node:worker_threads'
import type { ToWorker } from '@cuewire/server/models/messages.js'

parentPort?.on('message', (message: ToWorker) => {
  if (message.type === 'close') parentPort?.close()
  if (message.type !== 'call') return
  const { id, call } = message
  switch (call.name) {
    case 'describe':
      parentPort?.postMessage({ type: 'result', id, result: { provider: 'none', loadMs: threadId } })
      return
    case 'detect':
      if (call.params.width === 1) process.exit(3)
      if (call.params.width === 2) throw new Error('out of memory, say')
      if (call.params.width === 3) parentPort?.postMessage({ type: 'error', id, message: 'a bad picture' })
      if (call.params.width === 4) parentPort?.postMessage({ type: 'result', id, result: [{ label: 'cat' }] })
      if (call.params.width === 5) blockUntilToldToGoOn(new Int32Array(call.params.data.buffer))
      // Any other width is never answered.
      return
    default:
      return
  }
})

/** As a call into native code does: the thread hears nothing until the first number changes. Then it sets the second. */
function blockUntilToldToGoOn(shared: Int32Array): void {
  Atomics.wait(shared, 0, 0)
  Atomics.store(shared, 1, 1)
}

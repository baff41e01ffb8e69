// Stands in for the text worker: it answers a query with its own thread id, or dies, fails or never ends when told to.
import { parentPort, threadId } from 'node:worker_threads'
import type { ToTextWorker } from '@cuewire/server/domain/text-work/text-messages.js'

parentPort?.on('message', ({ params }: ToTextWorker) => {
  switch (params) {
    case 'exit':
      process.exit(3)
      break
    case 'throw':
      throw new Error('out of memory, say')
    case 'loop':
      for (;;);
    case 'fail':
      parentPort?.postMessage({ type: 'error', message: 'a fault of the server' })
      return
    case 'refuse':
      parentPort?.postMessage({ type: 'error', code: 'subtitles.invalid', message: 'No cue could be read.' })
      return
    default:
      parentPort?.postMessage({ type: 'result', result: threadId })
  }
})

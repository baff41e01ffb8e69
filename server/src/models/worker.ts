import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../lib/assert.js'
import { errorMessage } from '../lib/error-message.js'
import { yieldToEventLoop } from '../lib/priority.js'
import { collectYoung } from './collect-young.js'
import { type LoadedModel, loadModel } from './load-model.js'
import type { Call, FromWorker, ToWorker, WorkerOptions } from './messages.js'

yieldToEventLoop()

assert(parentPort, 'worker.js runs in a worker thread')
const port = parentPort
const { packs } = workerData as WorkerOptions
const models = new Map<string, Promise<LoadedModel>>()
const running = new Map<number, AbortController>()
let queue: Promise<void> = Promise.resolve()

function modelFor(pack: string): Promise<LoadedModel> {
  const place = packs[pack]
  assert(place, `the thread knows the pack ${pack}`)
  const loaded = models.get(pack) ?? loadModel(place)
  models.set(pack, loaded)
  // A model that could not be loaded is tried again by the next call.
  loaded.catch(() => models.delete(pack))
  return loaded
}

async function unload(pack: string): Promise<void> {
  const loaded = models.get(pack)
  models.delete(pack)
  await loaded?.then(model => model.release())
}

async function answer(call: Call, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  const { answers } = await modelFor(call.pack)
  const run = answers[call.name] as ((params: unknown, signal: AbortSignal) => Promise<unknown>) | undefined
  assert(run, `the model of ${call.pack} answers ${call.name}`)
  return run(call.params, signal)
}

async function serve(id: number, call: Call, controller: AbortController): Promise<void> {
  const reply: FromWorker = await answer(call, controller.signal).then(
    result => ({ type: 'result', id, result }),
    error => ({ type: 'error', id, message: errorMessage(error) }),
  )
  running.delete(id)
  port.postMessage(reply)
  collectYoung()
}

/** Runs a task after those before it. One that rejects ends the thread, as an unhandled rejection does: its state is in doubt. */
function enqueue(task: () => Promise<void>): void {
  queue = queue.then(task)
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'call': {
      const controller = new AbortController()
      running.set(message.id, controller)
      enqueue(() => serve(message.id, message.call, controller))
      return
    }
    case 'cancel':
      running.get(message.id)?.abort()
      return
    case 'unload':
      enqueue(() => unload(message.pack))
      return
    case 'close':
      for (const controller of running.values()) controller.abort()
      enqueue(async () => {
        for (const pack of models.keys()) await unload(pack)
        port.close()
      })
      return
    default:
      message satisfies never
  }
})

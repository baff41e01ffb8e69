import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../lib/assert.js'
import { yieldToEventLoop } from '../lib/thread-priority.js'
import { type LoadedModel, loadModel } from './load-model.js'
import { type Call, type FromWorker, type ToWorker, taskOf, type WorkerOptions } from './messages.js'
import { MODEL_TASKS, type ModelTask } from './models.js'

yieldToEventLoop()

assert(parentPort, 'worker.js runs in a worker thread')
const port = parentPort
const { dirs } = workerData as WorkerOptions
const models = new Map<ModelTask, Promise<LoadedModel>>()
const running = new Map<number, AbortController>()
let queue: Promise<void> = Promise.resolve()

function modelFor(task: ModelTask): Promise<LoadedModel> {
  const loaded = models.get(task) ?? loadModel(task, dirs[task])
  models.set(task, loaded)
  // A model that could not be loaded is tried again by the next call.
  loaded.catch(() => models.delete(task))
  return loaded
}

async function unload(task: ModelTask): Promise<void> {
  const loaded = models.get(task)
  models.delete(task)
  await loaded?.then(model => model.release())
}

async function answer(call: Call, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  const { answers } = await modelFor(taskOf(call))
  const run = answers[call.name] as ((params: unknown, signal: AbortSignal) => Promise<unknown>) | undefined
  assert(run, `the model for ${taskOf(call)} answers ${call.name}`)
  return run(call.params, signal)
}

async function serve(id: number, call: Call, controller: AbortController): Promise<void> {
  const reply: FromWorker = await answer(call, controller.signal).then(
    result => ({ type: 'result', id, result }),
    error => ({ type: 'error', id, message: error instanceof Error ? error.message : String(error) }),
  )
  running.delete(id)
  port.postMessage(reply)
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
      enqueue(() => unload(message.task))
      return
    case 'close':
      for (const controller of running.values()) controller.abort()
      enqueue(async () => {
        for (const task of MODEL_TASKS) await unload(task)
        port.close()
      })
      return
    default:
      message satisfies never
  }
})

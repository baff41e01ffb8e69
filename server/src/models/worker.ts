import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { assert } from '../lib/assert.js'
import type { Call, CallName, Calls, FromWorker, ToWorker, WorkerOptions } from './messages.js'
import { MODEL_TASKS } from './models.js'

/** Answers of a loaded model, by call. */
type Answers = {
  readonly [Name in CallName]?: (params: Calls[Name]['params'], signal: AbortSignal) => Promise<Calls[Name]['result']>
}

interface LoadedModel {
  readonly answers: Answers
  release(): Promise<void>
}

const Options = Type.Object({
  task: Type.Union(MODEL_TASKS.map(task => Type.Literal(task))),
  dir: Type.String(),
  threads: Type.Integer({ minimum: 1 }),
})

async function load({ task, dir, threads }: WorkerOptions): Promise<LoadedModel> {
  switch (task) {
    case 'objects': {
      const { Detector } = await import('./onnx/detector.js')
      const detector = await Detector.open(join(dir, 'centernet.onnx'), { threads })
      return { answers: { detect: image => detector.detect(image) }, release: () => detector.release() }
    }
    case 'speech': {
      const { Moonshine } = await import('./onnx/moonshine.js')
      const moonshine = await Moonshine.open(dir, { threads })
      return {
        answers: { transcribe: ({ samples }, signal) => moonshine.transcribe(samples, signal) },
        release: () => moonshine.release(),
      }
    }
    case 'voice-activity': {
      const { Vad } = await import('./onnx/vad.js')
      const vad = await Vad.open(join(dir, 'silero_vad_v5.onnx'), { threads })
      return {
        answers: { voiceActivity: ({ samples, from }, signal) => vad.run(samples, from, signal) },
        release: () => vad.release(),
      }
    }
    default:
      return task satisfies never
  }
}

assert(parentPort, 'worker.js runs in a worker thread')
const port = parentPort
const options: WorkerOptions = Value.Parse(Options, workerData)
const startedAt = performance.now()
const model = await load(options)
const loadMs = performance.now() - startedAt
const answers: Answers = {
  ...model.answers,
  describe: async () => ({ provider: 'cpu', threads: options.threads, loadMs }),
}
const running = new Map<number, AbortController>()
let queue: Promise<void> = Promise.resolve()

async function answer(call: Call, signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  const run = answers[call.name] as ((params: unknown, signal: AbortSignal) => Promise<unknown>) | undefined
  if (!run) throw new Error(`a model for ${options.task} does not know ${call.name}`)
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

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'call': {
      const controller = new AbortController()
      running.set(message.id, controller)
      // `serve` turns every failure into a reply, so the queue never rejects.
      queue = queue.then(() => serve(message.id, message.call, controller))
      return
    }
    case 'cancel':
      running.get(message.id)?.abort()
      return
    case 'close':
      for (const controller of running.values()) controller.abort()
      queue = queue.then(() => model.release()).then(() => port.close())
      return
    default:
      message satisfies never
  }
})

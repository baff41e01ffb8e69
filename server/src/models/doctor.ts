import { errorMessage } from '../lib/error-message.js'
import { audioEventDetector } from './audio-events.js'
import { type ChosenPacks, packChooser } from './choose-pack.js'
import { CoreScheduler } from './core-scheduler.js'
import { imageTextEncoder } from './image-text.js'
import type { ModelDescription } from './messages.js'
import { ALL_TASKS, MODEL_TASKS, type ModelStatus } from './models.js'
import { objectDetector } from './objects.js'
import { type Pack, packId } from './pack.js'
import { packPlaces, packsFor } from './registry.js'
import { sentenceEncoder } from './sentences.js'
import { voiceEncoder } from './speakers.js'
import { speechRecogniser } from './speech.js'
import { textReader } from './text.js'
import { serviceRecogniser, type TranscriptionService } from './transcription/service.js'
import { checkPack } from './verify.js'
import { voiceActivityDetector } from './voice-activity.js'
import type { Work } from './work.js'

const IDLE_MS = 60_000

/** The result of running one pack on this machine, or why it does not run. */
export type Diagnosis =
  | (ModelStatus & { readonly state: 'missing' | 'corrupt' })
  | { readonly state: 'fails'; readonly pack: string; readonly reason: string }
  | {
      readonly state: 'works'
      readonly pack: string
      /** ONNX Runtime's execution provider, or `service`. */
      readonly provider: string
      readonly loadMs: number
      /** One run on a tiny input: a black picture, a second of silence, or a sentence. */
      readonly runMs: number
    }

/**
 * Loads every installed pack and runs it once. A task without any has the pack to install, if the server is to have one for
 * it.
 */
export async function diagnose({
  dir,
  chosen = {},
  transcription,
}: {
  readonly dir: string
  readonly chosen?: ChosenPacks
  readonly transcription?: TranscriptionService | undefined
}): Promise<Diagnosis[]> {
  const found: Diagnosis[] = transcription ? [await diagnoseService(transcription)] : []
  // One at a time, so that the models do not slow each other down.
  for (const task of ALL_TASKS) {
    if (task === 'speech' && transcription) continue
    const inUse = await packChooser(dir, task, chosen[task])()
    const isExtra = !(MODEL_TASKS as readonly string[]).includes(task)
    if (isExtra && inUse.status.state === 'missing') continue
    found.push(await diagnosePack(dir, inUse.pack, inUse.status))
    for (const pack of packsFor(task)) {
      if (pack === inUse.pack) continue
      const status = await checkPack(dir, pack)
      if (status.state !== 'missing') found.push(await diagnosePack(dir, pack, status))
    }
  }
  return found
}

async function diagnosePack(dir: string, pack: Pack, status: ModelStatus): Promise<Diagnosis> {
  if (status.state !== 'ready') return status
  const scheduler = new CoreScheduler({ worker: { packs: packPlaces(dir) }, cores: 1, idleMs: IDLE_MS })
  try {
    const description = await scheduler.lane(descriptionOf(packId(pack))).run(undefined)
    const startedAt = performance.now()
    await runOnce(scheduler, pack)
    return { state: 'works', pack: status.pack, ...description, runMs: performance.now() - startedAt }
  } finally {
    await scheduler.close()
  }
}

async function diagnoseService(service: TranscriptionService): Promise<Diagnosis> {
  const { pack, transcribe } = serviceRecogniser(service)
  const startedAt = performance.now()
  try {
    await transcribe(new Float32Array(16_000))
    return { state: 'works', pack, provider: 'service', loadMs: 0, runMs: performance.now() - startedAt }
  } catch (error) {
    return { state: 'fails', pack, reason: errorMessage(error) }
  }
}

function descriptionOf(pack: string): Work<undefined, ModelDescription> {
  return {
    pack,
    maxBatch: 1,
    copyAfterIdleMs: 0,
    run: async (thread, _items, signal) => [
      await thread.call<'describe'>({ name: 'describe', pack, params: {} }, { signal }),
    ],
  }
}

async function runOnce(scheduler: CoreScheduler, pack: Pack): Promise<void> {
  const second = new Float32Array(16_000)
  const { task } = pack
  switch (task) {
    case 'objects': {
      await objectDetector(scheduler, pack).detect({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3) })
      return
    }
    case 'speech': {
      await speechRecogniser(scheduler, pack).transcribe(second)
      return
    }
    case 'voice-activity': {
      await voiceActivityDetector(scheduler, pack).open({ maxSpan: 15 }).push(second)
      return
    }
    case 'sentences': {
      await sentenceEncoder(scheduler, pack).encode('The boats leave before dawn.')
      return
    }
    case 'text': {
      const image = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }
      const reader = textReader(scheduler, pack)
      await reader.find(image, { glance: false })
      await reader.read(image, { x: 0, y: 0, width: 1, height: 0.5 })
      return
    }
    case 'audio-events': {
      await audioEventDetector(scheduler, pack).score(second)
      return
    }
    case 'speakers': {
      const encoder = voiceEncoder(scheduler, pack)
      await encoder.encode(new Float32Array(encoder.window))
      return
    }
    case 'image-text': {
      const encoder = imageTextEncoder(scheduler, pack)
      const { width, height } = encoder.input
      await encoder.encodeImage({ width, height, data: new Uint8Array(width * height * 3) })
      await encoder.encodeText('a boat on a river')
      return
    }
    default:
      task satisfies never
  }
}

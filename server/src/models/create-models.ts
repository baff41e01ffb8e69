import { availableParallelism } from 'node:os'
import { AppError } from '../lib/app-error.js'
import { audioEventDetector } from './audio-events.js'
import { type ChosenPacks, packChooser } from './choose-pack.js'
import { CoreScheduler } from './core-scheduler.js'
import { imageTextEncoder } from './image-text.js'
import { ALL_TASKS, type ModelStatus, type Models, type ModelTask } from './models.js'
import { objectDetector } from './objects.js'
import { type Pack, packId } from './pack.js'
import { packPlaces } from './registry.js'
import { sentenceEncoder } from './sentences.js'
import { voiceEncoder } from './speakers.js'
import { speechRecogniser } from './speech.js'
import { textReader } from './text.js'
import { packOf, serviceRecogniser, type TranscriptionService } from './transcription/service.js'
import { assertReady } from './verify.js'
import { voiceActivityDetector } from './voice-activity.js'

const IDLE_MS = 300_000

export interface ModelsOptions {
  /** The models folder. */
  readonly dir: string
  /** Inferences that run at the same time, each on one core. @default the number of cores */
  readonly threads?: number
  /** @default the best pack that is installed, for each task */
  readonly chosen?: ChosenPacks
  /** Recognises speech instead of a pack. */
  readonly transcription?: TranscriptionService | undefined
  /** Milliseconds after which a model that was not used is unloaded. @default 300,000 */
  readonly idleMs?: number
}

/** The models in a folder. Each is loaded when first opened, and again when used after it was unloaded. */
export function createModels(options: ModelsOptions): Models {
  const { dir, threads = availableParallelism(), idleMs = IDLE_MS, chosen = {}, transcription } = options
  const scheduler = new CoreScheduler({ worker: { packs: packPlaces(dir) }, cores: threads, idleMs })
  const inUse = {
    speech: packChooser(dir, 'speech', chosen.speech),
    'voice-activity': packChooser(dir, 'voice-activity', chosen['voice-activity']),
    objects: packChooser(dir, 'objects', chosen.objects),
    sentences: packChooser(dir, 'sentences', chosen.sentences),
    text: packChooser(dir, 'text', chosen.text),
    'audio-events': packChooser(dir, 'audio-events'),
    speakers: packChooser(dir, 'speakers'),
    'image-text': packChooser(dir, 'image-text', chosen['image-text']),
  }
  let closing: Promise<void> | undefined

  const opener = <T>(task: ModelTask, facade: (scheduler: CoreScheduler, pack: Pack) => T) => {
    return async (): Promise<T> => {
      if (closing) throw new AppError('server.draining', 'The models are closed.')
      // Cheap: files are hashed again only when they have changed.
      const { pack, status } = await inUse[task]()
      assertReady(status)
      scheduler.warm(packId(pack))
      return facade(scheduler, pack)
    }
  }
  return {
    status: () =>
      Promise.all(
        ALL_TASKS.map(async (task): Promise<ModelStatus> => {
          if (task === 'speech' && transcription) return { task, state: 'ready', pack: packOf(transcription) }
          return (await inUse[task]()).status
        }),
      ),
    objects: opener('objects', objectDetector),
    speech: transcription ? async () => serviceRecogniser(transcription) : opener('speech', speechRecogniser),
    voiceActivity: opener('voice-activity', voiceActivityDetector),
    sentences: opener('sentences', sentenceEncoder),
    text: opener('text', textReader),
    audioEvents: opener('audio-events', audioEventDetector),
    speakers: opener('speakers', voiceEncoder),
    imageText: opener('image-text', imageTextEncoder),
    close() {
      closing ??= scheduler.close()
      return closing
    },
  }
}

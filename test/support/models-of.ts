import { AppError } from '@cuewire/server/lib/app-error.js'
import { ALL_TASKS, type Models, type ModelTask } from '@cuewire/server/models/models.js'

const OPENERS = {
  speech: 'speech',
  'voice-activity': 'voiceActivity',
  objects: 'objects',
  sentences: 'sentences',
  text: 'text',
  'audio-events': 'audioEvents',
  speakers: 'speakers',
  'image-text': 'imageText',
} as const
const REASON = 'it is not installed in this test'

/** Models of which only those given are there. */
export function modelsOf(given: Partial<Omit<Models, 'status' | 'close'>> = {}): Models {
  const commandOf = (task: ModelTask) => `models pull ${task}-of-test, to install ${task}`
  const missing = (task: ModelTask) => () =>
    Promise.reject(new AppError('model.missing', `${REASON}; fix it with: ${commandOf(task)}`))
  return {
    status: async () =>
      ALL_TASKS.map(task => {
        const pack = `${task}-of-test@1`
        if (given[OPENERS[task]]) return { task, state: 'ready', pack }
        return { task, state: 'missing', pack, reason: REASON, command: commandOf(task) }
      }),
    objects: missing('objects'),
    speech: missing('speech'),
    voiceActivity: missing('voice-activity'),
    sentences: missing('sentences'),
    text: missing('text'),
    audioEvents: missing('audio-events'),
    speakers: missing('speakers'),
    imageText: missing('image-text'),
    close: async () => undefined,
    ...given,
  }
}

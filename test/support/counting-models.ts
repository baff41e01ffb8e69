import type { Models } from '@cuewire/server/models/models.js'

/** Real models that tell of every inference before it is made. */
export function countingModels(models: Models, tell: (call: 'detect' | 'transcribe') => void): Models {
  return {
    status: () => models.status(),
    voiceActivity: () => models.voiceActivity(),
    sentences: () => models.sentences(),
    text: () => models.text(),
    audioEvents: () => models.audioEvents(),
    speakers: () => models.speakers(),
    imageText: () => models.imageText(),
    close: () => models.close(),

    async objects() {
      const detector = await models.objects()
      return {
        ...detector,
        detect: async (image, signal) => {
          tell('detect')
          return await detector.detect(image, signal)
        },
      }
    },

    async speech() {
      const speech = await models.speech()
      return {
        ...speech,
        transcribe: async (samples, signal) => {
          tell('transcribe')
          return await speech.transcribe(samples, signal)
        },
      }
    },
  }
}

import type { Models } from '@cuewire/server/models/models.js'

/** Real models that tell of every inference before it is made. */
export function countingModels(models: Models, tell: (call: 'detect' | 'transcribe' | 'readText') => void): Models {
  return {
    status: () => models.status(),
    voiceActivity: () => models.voiceActivity(),
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

    async text() {
      const reader = await models.text()
      return {
        ...reader,
        read: async (image, box, signal) => {
          tell('readText')
          return await reader.read(image, box, signal)
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

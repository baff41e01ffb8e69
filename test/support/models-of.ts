import { AppError } from '@cuewire/server/lib/app-error.js'
import type { Models } from '@cuewire/server/models/models.js'

/** Models of which only those given are there. */
export function modelsOf(given: Partial<Models> = {}): Models {
  const missing = () => Promise.reject(new AppError('model.missing', 'it is not installed in this test'))
  return {
    status: async () => [],
    objects: missing,
    speech: missing,
    voiceActivity: missing,
    close: async () => undefined,
    ...given,
  }
}

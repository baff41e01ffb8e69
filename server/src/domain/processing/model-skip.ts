import { LIMITS } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { toText } from '../../lib/text.js'
import type { Models } from '../../models/models.js'
import type { StageOutcome } from './stage.js'

/** Whether a stage could not run for want of a model. */
export function isModelFault(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'model.missing' || error.code === 'model.corrupt')
}

/** Skips a stage whose model is missing or corrupt: the code, the reason, and the command that mends it. */
export async function skippedForModel(models: Models, fault: AppError): Promise<StageOutcome> {
  const skipped = (reason: string) =>
    ({ state: 'skipped', code: fault.code, reason: toText(reason, LIMITS.reasonLength) }) as const
  for (const status of await models.status()) {
    if (status.state === 'ready' || !fault.message.includes(status.command)) continue
    return { ...skipped(status.reason), command: status.command }
  }
  return skipped(fault.message)
}

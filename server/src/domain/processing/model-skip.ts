import { LIMITS } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { toText } from '../../lib/text.js'
import { type Models, type ModelTask, pullCommand } from '../../models/models.js'
import type { ModelName, StageOutcome } from './stage.js'

const TASKS: Readonly<Record<ModelName, ModelTask>> = {
  objects: 'objects',
  speech: 'speech',
  voiceActivity: 'voice-activity',
  sentences: 'sentences',
  text: 'text',
  audioEvents: 'audio-events',
  speakers: 'speakers',
  imageText: 'image-text',
}

/** Whether a stage failed because a model is missing or corrupt. */
export function isModelFault(error: unknown): error is AppError {
  return error instanceof AppError && (error.code === 'model.missing' || error.code === 'model.corrupt')
}

/** A model that a stage can do without: undefined, after `told`, if it is missing or corrupt. */
export async function unlessFaulty<T>(
  model: Promise<T>,
  told: (fault: AppError) => void = () => undefined,
): Promise<T | undefined> {
  try {
    return await model
  } catch (error) {
    if (!isModelFault(error)) throw error
    told(error)
    return undefined
  }
}

/** The outcome of a stage whose models are missing or corrupt: the code, the reasons, and one command that fixes them all. */
export async function skippedForModel(
  models: Models,
  used: readonly ModelName[],
  fault: AppError,
): Promise<StageOutcome> {
  const tasks = used.map(name => TASKS[name])
  const broken = (await models.status()).flatMap(status =>
    status.state !== 'ready' && tasks.includes(status.task) ? status : [],
  )
  const [first, ...others] = broken
  const skipped = { state: 'skipped', code: fault.code } as const
  // Installed in the meantime.
  if (!first) return { ...skipped, reason: toText(fault.message, LIMITS.reasonLength) }
  return {
    ...skipped,
    reason: toText(broken.map(({ reason }) => reason).join(', '), LIMITS.reasonLength),
    command: others.length === 0 ? first.command : pullCommand(broken.map(({ pack }) => pack)),
  }
}

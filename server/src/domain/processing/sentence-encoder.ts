import { AppError } from '../../lib/app-error.js'
import type { SentenceEncoder } from '../../models/models.js'
import { unlessFaulty } from './model-skip.js'
import type { StageContext } from './stage.js'

/**
 * The sentence encoder of a stage that can also work by words alone. Without its pack the result is undefined, and the
 * stage gets a warning that starts with `consequence`.
 */
export async function sentenceEncoder(
  { job, warn }: StageContext,
  consequence: string,
): Promise<SentenceEncoder | undefined> {
  return await unlessFaulty(job.models.sentences(), fault => {
    warn(new AppError(fault.code, `${consequence}: ${fault.message}`, { cause: fault }))
  })
}

import { LIMITS } from '@cuewire/protocol'
import type { AppError } from '../../lib/app-error.js'
import { toText } from '../../lib/text.js'
import type { StageOutcome } from './stage.js'

/** Skips a stage whose input stream could not be decoded at all. */
export function skippedAsUndecodable({ code, message }: AppError): StageOutcome {
  return { state: 'skipped', code, reason: toText(message, LIMITS.reasonLength) }
}

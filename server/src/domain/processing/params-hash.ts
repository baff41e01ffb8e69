import { createHash } from 'node:crypto'
import type { StageName } from '@cuewire/protocol'

/** SHA-256 of the parameters and the model that determine a stage's result, besides the file. */
export function paramsHash(stage: StageName, params: Record<string, unknown>, model: string | undefined): string {
  const sorted = Object.fromEntries(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256')
    .update(JSON.stringify({ stage, model: model ?? null, params: sorted }))
    .digest('hex')
}

import type { ProcessingPorts } from './ports.js'
import type { ModelName } from './stage.js'

/** Loads models in advance, in this order. The stage that needs a model reports its failure. */
export function loadAhead(models: Pick<ProcessingPorts['models'], ModelName>, names: readonly ModelName[]): void {
  for (const name of names) models[name]().catch(() => undefined)
}

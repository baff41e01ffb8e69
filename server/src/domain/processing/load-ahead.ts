import type { ProcessingPorts } from './ports.js'
import type { ModelName } from './stage.js'

/** Loads models ahead of their use, in this order. A failure is told by the stage that meets it. */
export function loadAhead(models: Pick<ProcessingPorts['models'], ModelName>, names: readonly ModelName[]): void {
  for (const name of names) models[name]().catch(() => undefined)
}

import { jsonInSteps } from '../lib/json-in-steps.js'
import { toJson } from '../lib/to-json.js'
import type { Command } from './command-table.js'

/** Serialises the result of a command. */
export function resultJson({ isLarge }: Command, result: object): string | Promise<string> {
  return isLarge ? jsonInSteps(result) : toJson(result)
}

import type { ErrorDetail } from '@cuewire/protocol'
import type { Fault } from '../lib/error-shape.js'
import type { SchemaCheck } from '../lib/schema-check.js'
import type { Command } from './command-table.js'

/** The params of a command that came without `data`. */
export const NO_PARAMS = Object.freeze({})

/** Of longer input only the first fault is named. */
const THOROUGH_CHARACTERS = 32 * 1024

/** Where an input came from, for the pointers of its faults. */
interface InputPlace {
  /** Characters of the whole input. */
  readonly length: number
  /** JSON pointer of `data` in that input. */
  readonly base: string
}

/** Checks the data of a command; undefined: it may run with them. */
export function paramsFault(command: Command, data: unknown, place: InputPlace): Fault | undefined {
  if (!command.params.valid(data)) return invalid(faultsOf(command.params, data, place))
  if (endsBeforeStart(data as object)) {
    return invalid([{ pointer: `${place.base}/end`, message: 'must not be before start' }])
  }
  return undefined
}

/** The faults of a value that its check has just refused. */
export function faultsOf(check: SchemaCheck, value: unknown, { length, base }: InputPlace): ErrorDetail[] {
  return length > THOROUGH_CHARACTERS ? check.lastFault(base) : check.faults(value, base)
}

function invalid(details: readonly ErrorDetail[]): Fault {
  const [fault] = details
  return {
    code: 'command.invalid',
    message: `${fault?.pointer || 'The data'} ${fault?.message ?? 'is invalid'}`,
    details,
  }
}

/** The one rule about params that their schema cannot say. */
function endsBeforeStart({ start, end }: { readonly start?: unknown; readonly end?: unknown }): boolean {
  return typeof start === 'number' && typeof end === 'number' && end < start
}

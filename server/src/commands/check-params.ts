import type { ErrorDetail } from '@cuewire/protocol'
import type { Fault } from '../lib/error-shape.js'
import type { SchemaCheck } from '../lib/schema-check.js'
import type { Command } from './command-table.js'

/** Params of a command without `data`. */
export const NO_PARAMS = Object.freeze({})

/** For longer input only the first fault is reported. */
const THOROUGH_CHARACTERS = 32 * 1024

/** Context of an input, for the pointers of its faults. */
interface InputPlace {
  /** Length of the whole input in characters. */
  readonly length: number
  /** JSON pointer of `data` in that input. */
  readonly base: string
}

/** Checks the data of a command. Returns its fault, or undefined if it is valid. */
export function paramsFault(command: Command, data: unknown, place: InputPlace): Fault | undefined {
  if (!command.params.valid(data)) return invalid(faultsOf(command.params, data, place))
  if (endsBeforeStart(data as object)) {
    return invalid([{ pointer: `${place.base}/end`, message: 'must not be before start' }])
  }
  return undefined
}

/** The faults of a value that its check has just rejected. */
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

/** The only rule about params that their schema cannot express. */
function endsBeforeStart({ start, end }: { readonly start?: unknown; readonly end?: unknown }): boolean {
  return typeof start === 'number' && typeof end === 'number' && end < start
}

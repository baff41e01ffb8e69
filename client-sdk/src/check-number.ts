import { ClientError } from './errors.js'

/** The longest delay a timer keeps: a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** An option that must be a number from `min` to `max`, or an error that names it. */
export function checkNumber(name: string, value: number, min = 0, max = MAX_TIMER_MS): number {
  if (typeof value === 'number' && value >= min && value <= max) return value
  throw new ClientError(`${name} must be a number from ${min} to ${max}, not ${String(value)}`)
}

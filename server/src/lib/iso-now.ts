import { tickClock } from './tick-clock.js'

let lastMs = 0
let lastText = ''

/** The time as ISO 8601. Formatted at most once per millisecond, because every frame carries one. */
export function isoNow(): string {
  const now = tickClock.now()
  if (now !== lastMs) {
    lastMs = now
    lastText = new Date(now).toISOString()
  }
  return lastText
}

import { tickClock } from './tick-clock.js'

let lastMs = 0
let lastText = ''

/** The time as ISO 8601; made anew only once a millisecond, since every frame carries one. */
export function isoNow(): string {
  const now = tickClock.now()
  if (now !== lastMs) {
    lastMs = now
    lastText = new Date(now).toISOString()
  }
  return lastText
}

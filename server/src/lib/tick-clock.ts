import { type Clock, systemClock } from './clock.js'

let read: { readonly now: number; readonly elapsed: number } | undefined

const forget = () => {
  read = undefined
}

function readOnce(): { readonly now: number; readonly elapsed: number } {
  if (!read) {
    read = { now: systemClock.now(), elapsed: systemClock.elapsed() }
    setImmediate(forget)
  }
  return read
}

/** The system clock, read once per tick of the event loop: everything that arrives together gets the same time. */
export const tickClock: Clock = {
  now: () => readOnce().now,
  elapsed: () => readOnce().elapsed,
}

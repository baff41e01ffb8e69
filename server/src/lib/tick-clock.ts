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

/** The system's clock, read once a tick of the event loop: what comes in together came at one time. */
export const tickClock: Clock = {
  now: () => readOnce().now,
  elapsed: () => readOnce().elapsed,
}

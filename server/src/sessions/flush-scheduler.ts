import type { Outbox } from './outbox.js'

/** Flushes every outbox with new frames once, at the end of the tick. */
export function createFlushScheduler(): (outbox: Outbox) => void {
  let waiting: Outbox[] = []

  const flushAll = () => {
    const outboxes = waiting
    waiting = []
    for (const outbox of outboxes) outbox.flush()
  }

  return outbox => {
    if (waiting.length === 0) setImmediate(flushAll)
    waiting.push(outbox)
  }
}

let tickMs = 0

const forget = () => {
  tickMs = 0
}

/** The time in milliseconds since 1970, read once a tick of the event loop: what comes in together came at one time. */
export function tickNow(): number {
  if (tickMs === 0) {
    tickMs = Date.now()
    setImmediate(forget)
  }
  return tickMs
}

import type { Seconds } from '@cuewire/protocol'

/** Media time as it is stored: seconds with three decimals. */
export function toMillis(seconds: Seconds): Seconds {
  return Math.round(seconds * 1000) / 1000
}

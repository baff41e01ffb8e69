/** Media seconds as `m:ss`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** A share as whole percents. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

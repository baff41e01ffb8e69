/** The delay in a `Retry-After` header, in milliseconds; undefined if there is none or it is malformed. */
export function retryAfterMs(header: string | null, now: () => number = Date.now): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  // Date.parse accepts much more than HTTP dates, for example '-1'.
  const date = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now())
}

const ENTITY_TAG = /(?:W\/)?("[^"]*")/g

/** Whether `If-None-Match` says that the client has what this entity tag stands for (RFC 9110, 13.1.2). */
export function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  // The comparison is weak: a W/ in front makes no difference.
  const opaque = etag.replace(/^W\//, '')
  return [...ifNoneMatch.matchAll(ENTITY_TAG)].some(([, tag]) => tag === opaque)
}

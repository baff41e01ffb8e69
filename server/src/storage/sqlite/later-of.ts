/** The later of two ISO 8601 times in UTC. */
export function laterOf(one: string, other: string): string {
  return Date.parse(one) < Date.parse(other) ? other : one
}

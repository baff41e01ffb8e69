/** Params that name what a command is about; commands of one connection about the same thing keep their order. */
const ENTITY_KEYS = ['chatId', 'jobId', 'videoId', 'topic'] as const

/** What the command is about, or undefined when it is about nothing in particular. */
export function entityOf(params: object): string | undefined {
  for (const key of ENTITY_KEYS) {
    const value: unknown = (params as Record<string, unknown>)[key]
    if (typeof value === 'string') return value
  }
  return undefined
}

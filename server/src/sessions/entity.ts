import { COMMANDS, type CommandName } from '@cuewire/protocol'

/** Params that name what a command is about; commands of one connection about the same thing keep their order. */
const ENTITY_KEYS = ['chatId', 'jobId', 'videoId', 'topic'] as const

/** The key that names the entity, of each command whose params have one. */
const KEY_OF = new Map(
  Object.entries(COMMANDS).flatMap(([name, { params }]) => {
    const key = ENTITY_KEYS.find(candidate => candidate in params.properties)
    return key ? [[name as CommandName, key] as const] : []
  }),
)

/** What the command is about, or undefined when it is about nothing in particular. */
export function entityOf(name: CommandName, params: object): string | undefined {
  const key = KEY_OF.get(name)
  const value: unknown = key && (params as Record<string, unknown>)[key]
  return typeof value === 'string' ? value : undefined
}

import { COMMANDS, type CommandName, type Scope } from '@cuewire/protocol'
import { SchemaCheck } from '../lib/schema-check.js'
import type { HandlerContext } from './context.js'
import { handlers } from './handlers/table.js'

/** Params that name what a command is about. */
const ENTITY_KEYS = ['chatId', 'jobId', 'videoId', 'topic'] as const
export type EntityKey = (typeof ENTITY_KEYS)[number]

/** Everything the session needs to know about a command, found by one look-up. */
export interface Command {
  readonly name: CommandName
  readonly scope: Scope | 'none'
  /** Changes something, so that its idempotency key counts. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits. */
  readonly cost: number
  readonly params: SchemaCheck
  readonly result: SchemaCheck
  /** The command may come without `data`. */
  readonly needsNoData: boolean
  /** The param by which commands of one connection about the same thing keep their order. */
  readonly entityKey: EntityKey | undefined
  readonly handle: (params: object, context: HandlerContext) => unknown
}

/** By the `type` of the frame; a type without an entry is no command. */
export const commands: ReadonlyMap<string, Command> = new Map(
  (Object.keys(COMMANDS) as CommandName[]).map(name => {
    const row = COMMANDS[name]
    const params = new SchemaCheck(row.params)
    return [
      name,
      {
        name,
        scope: row.scope,
        mutating: row.mutating,
        cost: row.cost,
        params,
        result: new SchemaCheck(row.result),
        needsNoData: (row.params.required ?? []).length === 0,
        entityKey: ENTITY_KEYS.find(key => key in row.params.properties),
        handle: handlers[name] as Command['handle'],
      },
    ]
  }),
)

import { COMMANDS, type CommandName, type CommandRow, type Scope } from '@cuewire/protocol'
import { SchemaCheck } from '../lib/schema-check.js'
import type { CallerConnection, CommandContext } from './handler.js'
import { handlers } from './handlers/table.js'

/** Params that name what a command is about. */
const ENTITY_KEYS = ['chatId', 'jobId', 'videoId', 'topic'] as const
type EntityKey = (typeof ENTITY_KEYS)[number]

/** Commands whose result may have thousands of items; lists have pages of some hundred. */
const LARGE: ReadonlySet<CommandName> = new Set(['timeline.get'])

/** Everything the server needs to know about a command, found by one look-up. */
export interface Command {
  readonly name: CommandName
  readonly scope: Scope | 'none'
  /** `socket`: it acts on the connection it comes on. */
  readonly needs: 'socket' | 'nothing'
  /** Changes something, so that its idempotency key counts. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits. */
  readonly cost: number
  readonly params: SchemaCheck
  readonly result: SchemaCheck
  /** Writing the JSON of its result takes longer than the event loop should be held. */
  readonly isLarge: boolean
  /** The command may come without `data`. */
  readonly needsNoData: boolean
  /** The param by which commands of one connection about the same thing keep their order. */
  readonly entityKey: EntityKey | undefined
  readonly handle: (params: object, context: CommandContext, connection: CallerConnection | undefined) => unknown
}

/** By name, which is the `type` of a frame; a name without an entry is no command. */
export const COMMAND_TABLE: ReadonlyMap<string, Command> = new Map(
  (Object.keys(COMMANDS) as CommandName[]).map(name => [name, commandOf(name, COMMANDS[name])]),
)

function commandOf(name: CommandName, row: CommandRow): Command {
  const { scope, needs, mutating, cost, params, result } = row
  return {
    name,
    scope,
    needs,
    mutating,
    cost,
    params: new SchemaCheck(params),
    result: new SchemaCheck(result),
    isLarge: LARGE.has(name),
    needsNoData: (params['required'] ?? []).length === 0,
    entityKey: ENTITY_KEYS.find(key => key in params['properties']),
    handle: handlers[name] as Command['handle'],
  }
}

import { COMMANDS, type CommandName, type CommandRow, type Scope } from '@cuewire/protocol'
import { SchemaCheck } from '../lib/schema-check.js'
import type { CallerConnection, CommandContext } from './handler.js'
import { handlers } from './handlers/table.js'

/** Params that identify the entity of a command. */
const ENTITY_KEYS = ['chatId', 'jobId', 'videoId', 'topic'] as const
type EntityKey = (typeof ENTITY_KEYS)[number]

/** Commands whose result may have thousands of items, unlike list pages with a few hundred. */
const LARGE: ReadonlySet<CommandName> = new Set(['timeline.get'])

/** Everything the server needs to know about a command, found in one look-up. */
export interface Command {
  readonly name: CommandName
  readonly scope: Scope | 'none'
  /** `socket`: it acts on its own connection. */
  readonly needs: 'socket' | 'nothing'
  /** Changes something, so idempotency keys apply. */
  readonly mutating: boolean
  /** Tokens it takes from the rate limits. */
  readonly cost: number
  readonly params: SchemaCheck
  readonly result: SchemaCheck
  /** Serialising its result would block the event loop for too long. */
  readonly isLarge: boolean
  /** `data` is optional. */
  readonly needsNoData: boolean
  /** The param that identifies its entity; commands of one connection about the same entity run in order. */
  readonly entityKey: EntityKey | undefined
  readonly handle: (params: object, context: CommandContext, connection: CallerConnection | undefined) => unknown
}

/** By name, which is the `type` of a frame. */
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
    result: new SchemaCheck(result, { ahead: false }),
    isLarge: LARGE.has(name),
    needsNoData: (params['required'] ?? []).length === 0,
    entityKey: ENTITY_KEYS.find(key => key in params['properties']),
    handle: handlers[name] as Command['handle'],
  }
}

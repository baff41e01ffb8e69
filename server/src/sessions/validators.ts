import { COMMANDS, CommandFrame, type CommandName, EVENTS, type EventName } from '@cuewire/protocol'
import { SchemaCheck } from '../lib/schema-check.js'

const table = <N extends string, R>(rows: Record<N, R>, check: (row: R) => SchemaCheck): ReadonlyMap<N, SchemaCheck> =>
  new Map(Object.entries(rows).map(([name, row]) => [name as N, check(row as R)]))

export const commandFrame = new SchemaCheck(CommandFrame)
/** By command name; a name without an entry is no command. */
export const commandParams = table(COMMANDS, row => new SchemaCheck(row.params))

const commandResults = table(COMMANDS, row => new SchemaCheck(row.result))
const eventData = table(EVENTS, row => new SchemaCheck(row.data))

/** Throws when a result of ours does not fit its schema: a bug. */
export function checkResult(name: CommandName, result: unknown): void {
  checkOutput(`result of ${name}`, commandResults.get(name), result)
}

/** Throws when an event of ours does not fit its schema: a bug. */
export function checkEvent(name: EventName, data: unknown): void {
  checkOutput(`event ${name}`, eventData.get(name), data)
}

function checkOutput(what: string, check: SchemaCheck | undefined, value: unknown): void {
  if (check?.valid(value)) return
  const [fault] = check?.faults(value) ?? []
  throw new Error(`${what} does not fit its schema: ${fault?.pointer || '/'} ${fault?.message ?? 'has none'}`)
}

import { CommandFrame, CommandId, EVENTS, type EventName } from '@cuewire/protocol'
import { SchemaCheck } from '../lib/schema-check.js'

export const commandFrame = new SchemaCheck(CommandFrame)
export const commandId = new SchemaCheck(CommandId)

const eventData: ReadonlyMap<string, SchemaCheck> = new Map(
  Object.entries(EVENTS).map(([name, row]) => [name, new SchemaCheck(row.data)]),
)

/** Throws when an event of ours does not fit its schema: a bug. */
export function checkEvent(name: EventName, data: unknown): void {
  checkOutput(`event ${name}`, eventData.get(name), data)
}

/** Throws when what we are about to send does not fit its schema: a bug. */
export function checkOutput(what: string, check: SchemaCheck | undefined, value: unknown): void {
  if (check?.valid(value)) return
  const [fault] = check?.faults(value) ?? []
  throw new Error(`${what} does not fit its schema: ${fault?.pointer || '/'} ${fault?.message ?? 'has none'}`)
}

import { CommandFrame, CommandId, EVENTS, type EventName } from '@cuewire/protocol'
import { checkOutput } from '../commands/check-output.js'
import { SchemaCheck } from '../lib/schema-check.js'

export const commandFrame = new SchemaCheck(CommandFrame)
export const commandId = new SchemaCheck(CommandId)

const eventData: ReadonlyMap<string, SchemaCheck> = new Map(
  Object.entries(EVENTS).map(([name, row]) => [name, new SchemaCheck(row.data, { ahead: false })]),
)

/** Throws if one of our events does not fit its schema, which is a bug. */
export function checkEvent(name: EventName, data: unknown): void {
  checkOutput(`event ${name}`, eventData.get(name), data)
}

import type { CommandFrame, CommandId } from '@cuewire/protocol'
import { faultsOf, NO_PARAMS, paramsFault } from '../commands/check-params.js'
import type { CommandCall } from '../commands/command-core.js'
import { COMMAND_TABLE } from '../commands/command-table.js'
import { parseJson } from '../commands/parse-json.js'
import { unknownCommand } from '../commands/unknown-command.js'
import type { Fault } from '../lib/error-shape.js'
import { commandFrame, commandId } from './validators.js'

/** A valid frame. */
export interface FrameCall extends CommandCall {
  readonly id: CommandId | undefined
  readonly fault?: undefined
}

/** Why a frame was refused. `id` is echoed if the frame has a usable one. */
export interface RefusedFrame {
  readonly id: CommandId | undefined
  readonly fault: Fault
}

/** Reads a frame and checks it: the envelope first, then the params by command name. */
export function parseFrame(text: string): FrameCall | RefusedFrame {
  const { value, fault } = parseJson(text, 'frame')
  if (fault) return { id: undefined, fault }
  if (!commandFrame.valid(value)) return notACommand(text, value)
  const { type, id, data, key, traceparent } = value as CommandFrame
  const command = COMMAND_TABLE.get(type)
  if (!command) return { id, fault: unknownCommand(type) }
  const params = data ?? NO_PARAMS
  if (data !== undefined || !command.needsNoData) {
    const invalid = paramsFault(command, params, { length: text.length, base: '/data' })
    if (invalid) return { id, fault: invalid }
  }
  return { id, command, params, key, traceparent }
}

function notACommand(text: string, value: unknown): RefusedFrame {
  return {
    id: usableId(value),
    fault: {
      code: 'frame.invalid',
      message: 'The frame is not a command: {"type": "...", "id": ..., "data": {...}}.',
      details: faultsOf(commandFrame, value, { length: text.length, base: '' }),
    },
  }
}

function usableId(value: unknown): CommandId | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  return commandId.valid(value.id) ? (value.id as CommandId) : undefined
}

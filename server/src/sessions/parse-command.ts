import { type CommandFrame, type CommandId, type ErrorCode, type ErrorDetail, LIMITS } from '@cuewire/protocol'
import { isDeeperThan } from '../lib/json-depth.js'
import { type Command, commands } from './commands.js'
import { commandFrame } from './validators.js'

/** A frame that was understood. */
export interface ParsedCommand {
  readonly ok: true
  readonly id: CommandId | undefined
  readonly command: Command
  readonly params: object
  /** Idempotency key. */
  readonly key: string | undefined
  /** W3C trace context. */
  readonly traceparent: string | undefined
}

/** A frame that was understood, or why it was not; `id` is echoed whenever the frame has a usable one. */
export type Parsed =
  | ParsedCommand
  | {
      readonly ok: false
      readonly id: CommandId | undefined
      readonly code: ErrorCode
      readonly message: string
      readonly details?: readonly ErrorDetail[]
    }

const NO_PARAMS = Object.freeze({})

/** Text of a frame to a checked command: the envelope first, then the params by command name. */
export function parseCommand(text: string): Parsed {
  if (isDeeperThan(text, LIMITS.depth)) {
    const message = `The JSON of a frame may be nested ${LIMITS.depth} levels deep; this one goes deeper.`
    return { ok: false, id: undefined, code: 'frame.too_deep', message }
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, id: undefined, code: 'frame.not_json', message: 'The frame is not valid JSON.' }
  }
  if (!commandFrame.valid(value)) {
    return {
      ok: false,
      id: usableId(value),
      code: 'frame.invalid',
      message: 'The frame is not a command: {"type": "...", "id": ..., "data": {...}}.',
      details: commandFrame.faults(value),
    }
  }
  const frame = value as CommandFrame
  const command = commands.get(frame.type)
  if (!command) {
    const message = `There is no command ${JSON.stringify(frame.type)}.`
    return { ok: false, id: frame.id, code: 'command.unknown', message }
  }
  const { id, data, key, traceparent } = frame
  const parsed = { ok: true, id, command, key, traceparent } as const
  if (data === undefined && command.needsNoData) return { ...parsed, params: NO_PARAMS }
  const params = data ?? NO_PARAMS
  if (!command.params.valid(params)) return invalid(id, command.params.faults(params, '/data'))
  if (endsBeforeStart(params)) return invalid(id, [{ pointer: '/data/end', message: 'must not be before start' }])
  return { ...parsed, params }
}

function invalid(id: CommandId | undefined, details: readonly ErrorDetail[]): Parsed {
  const [fault] = details
  const message = `${fault?.pointer || '/data'} ${fault?.message ?? 'is invalid'}`
  return { ok: false, id, code: 'command.invalid', message, details }
}

/** The one rule about params that their schema cannot say. */
function endsBeforeStart({ start, end }: { readonly start?: unknown; readonly end?: unknown }): boolean {
  return typeof start === 'number' && typeof end === 'number' && end < start
}

function usableId(value: unknown): CommandId | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  const { id } = value
  if (typeof id === 'string' && id.length >= 1 && id.length <= 64) return id
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined
}

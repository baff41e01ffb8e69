import { type CommandFrame, type CommandId, type ErrorCode, type ErrorDetail, LIMITS } from '@cuewire/protocol'
import { jsonLimitBrokenBy } from '../lib/json-limits.js'
import type { SchemaCheck } from '../lib/schema-check.js'
import { type Command, commands } from './commands.js'
import { commandFrame, commandId } from './validators.js'

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
/** Of longer frames only the first fault is named. */
const THOROUGH_CHARACTERS = 32 * 1024

const OVER_LIMIT = {
  depth: {
    code: 'frame.too_deep',
    message: `The JSON of a frame may be nested ${LIMITS.depth} levels deep; this one goes deeper.`,
  },
  keys: {
    code: 'frame.too_many_keys',
    message: `The JSON of a frame may have ${LIMITS.keys} keys; this one has more.`,
  },
} as const

/** Text of a frame to a checked command: the envelope first, then the params by command name. */
export function parseCommand(text: string): Parsed {
  const broken = jsonLimitBrokenBy(text, LIMITS)
  if (broken) return { ok: false, id: undefined, ...OVER_LIMIT[broken] }
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
      details: faultsOf(commandFrame, value, { text }),
    }
  }
  const frame = value as CommandFrame
  const command = commands.get(frame.type)
  if (!command) {
    const message = `There is no command ${JSON.stringify(frame.type)}.`
    return { ok: false, id: frame.id, code: 'command.unknown', message }
  }
  const { id, data, key, traceparent } = frame
  // Written out twice: spreading one into the other takes Node 20 longer than parsing a ping.
  if (data === undefined && command.needsNoData) return { ok: true, id, command, params: NO_PARAMS, key, traceparent }
  const params = data ?? NO_PARAMS
  if (!command.params.valid(params)) return invalid(id, faultsOf(command.params, params, { text, base: '/data' }))
  if (endsBeforeStart(params)) return invalid(id, [{ pointer: '/data/end', message: 'must not be before start' }])
  return { ok: true, id, command, params, key, traceparent }
}

function faultsOf(
  check: SchemaCheck,
  value: unknown,
  { text, base }: { readonly text: string; readonly base?: string },
): ErrorDetail[] {
  return text.length > THOROUGH_CHARACTERS ? check.firstFault(value, base) : check.faults(value, base)
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
  return commandId.valid(value.id) ? (value.id as CommandId) : undefined
}

import { CommandFrame, Traceparent } from '@cuewire/protocol'
import { NO_PARAMS, paramsFault } from '../../../commands/check-params.js'
import type { CommandCall } from '../../../commands/command-core.js'
import { commandWithoutSocket } from '../../../commands/command-without-socket.js'
import { AppError, errorOf } from '../../../lib/app-error.js'
import { SchemaCheck } from '../../../lib/schema-check.js'
import type { Exchange } from '../exchange.js'
import { readJsonBody } from './read-json-body.js'

const keyCheck = new SchemaCheck(CommandFrame.properties.key)
const traceparentCheck = new SchemaCheck(Traceparent)

/**
 * Reads the command of a request: its name from the path and its data from the body. Throws `command.*`, `frame.*` or
 * `http.media_type`.
 */
export async function readCall(exchange: Exchange, name: string, maxBytes: number): Promise<CommandCall> {
  const command = commandWithoutSocket(name)
  const key = idempotencyKey(exchange.header('idempotency-key'))
  const { value: params = NO_PARAMS, length } = await readJsonBody(exchange, maxBytes)
  const fault = paramsFault(command, params, { length, base: '' })
  if (fault) throw errorOf(fault)
  // `paramsFault` has checked that params are an object.
  return { command, params: params as object, key, traceparent: traceContext(exchange.header('traceparent')) }
}

function idempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || keyCheck.valid(header)) return header
  const [fault] = keyCheck.faults(header)
  throw new AppError('frame.invalid', `The header Idempotency-Key ${fault?.message ?? 'is invalid'}.`)
}

/** A malformed header is ignored, as W3C Trace Context asks: it may come from a proxy, not from the client. */
function traceContext(header: string | undefined): string | undefined {
  return traceparentCheck.valid(header) ? header : undefined
}

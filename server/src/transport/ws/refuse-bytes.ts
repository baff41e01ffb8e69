import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '../../lib/app-error.js'
import { errorReply } from '../http/error-reply.js'
import { FRAMING_FAULTS } from '../http/framing.js'
import { endLingering } from './linger.js'

const PLAIN_TEXT = { 'content-type': 'text/plain; charset=utf-8' } as const

/** Parser errors of Node that our own check reports too. Others are reported by status only. */
const FRAMING: Readonly<Record<string, string>> = {
  HPE_INVALID_CONTENT_LENGTH: FRAMING_FAULTS.length,
  HPE_UNEXPECTED_CONTENT_LENGTH: FRAMING_FAULTS.length,
  HPE_INVALID_TRANSFER_ENCODING: FRAMING_FAULTS.encoding,
}
const STATUS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_INVALID_VERSION: 505,
}

/** Answers bytes that are not a valid request, by the code of Node's error, and ends the connection. */
export function refuseBytes(connection: Duplex, code: string | undefined): void {
  if (!connection.writable) {
    connection.destroy()
    return
  }
  const framing = FRAMING[code ?? '']
  if (framing === undefined) {
    const status = STATUS[code ?? ''] ?? 400
    const body = status === 505 ? 'This server does not support HTTP/1.0.' : STATUS_CODES[status]
    end(connection, { status, headers: PLAIN_TEXT, body: `${body}\n` })
  } else {
    end(connection, errorReply(new AppError('http.framing', framing)))
  }
}

function end(
  connection: Duplex,
  { status, headers, body }: { status: number; headers: Readonly<Record<string, string>>; body: string },
): void {
  const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  connection.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`)
  endLingering(connection)
}

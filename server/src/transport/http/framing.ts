import { AppError } from '../../lib/app-error.js'
import type { RequestHead } from './request.js'

export const FRAMING_FAULTS = {
  length: 'Content-Length must be one number of bytes.',
  encoding: 'Transfer-Encoding must be chunked.',
  both: 'A request must have a Content-Length or a Transfer-Encoding, not both.',
} as const

/**
 * Returns `http.framing` if two readers could disagree on where the body ends, which would let a client smuggle a
 * second request past a proxy (RFC 9112, 11.2). Read nothing more from such a connection.
 */
export function framingFault({ headers }: RequestHead): AppError | undefined {
  const length = headers.get('content-length')
  const encoding = headers.get('transfer-encoding')
  // Repeated headers are joined with a comma, so a Content-Length given twice is not a number.
  if (length !== undefined && !/^\d{1,16}$/.test(length)) {
    return new AppError('http.framing', FRAMING_FAULTS.length)
  }
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked') {
    return new AppError('http.framing', FRAMING_FAULTS.encoding)
  }
  if (length !== undefined && encoding !== undefined) {
    return new AppError('http.framing', FRAMING_FAULTS.both)
  }
  return undefined
}

/** Whether the request declares a body. */
export function announcesBody({ headers }: RequestHead): boolean {
  const length = headers.get('content-length')
  return headers.has('transfer-encoding') || (length !== undefined && length !== '0')
}

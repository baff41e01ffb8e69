import { AppError } from '../../lib/app-error.js'
import type { RequestHead } from './request.js'

export const FRAMING_FAULTS = {
  length: 'Content-Length must be one number of bytes.',
  encoding: 'Transfer-Encoding must be chunked.',
  both: 'A request must have a Content-Length or a Transfer-Encoding, not both.',
} as const

/**
 * `http.framing` when two readers of a request could disagree where its body ends, as that lets a client smuggle a second
 * request past a proxy (RFC 9112, 11.2). Nothing more may be read from such a connection.
 */
export function framingFault({ headers }: RequestHead): AppError | undefined {
  const length = headers.get('content-length')
  const encoding = headers.get('transfer-encoding')
  // Lines of the same name are joined with a comma, so a length that is given twice is none.
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

/** Whether the request says that it has a body. */
export function announcesBody({ headers }: RequestHead): boolean {
  const length = headers.get('content-length')
  return headers.has('transfer-encoding') || (length !== undefined && length !== '0')
}

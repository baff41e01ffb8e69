import { parseJson } from '../../../commands/parse-json.js'
import { AppError, errorOf } from '../../../lib/app-error.js'
import type { Exchange } from '../exchange.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A parsed request body. */
export interface JsonBody {
  /** Undefined if there is no body. */
  readonly value: unknown
  /** Length of its text in characters. */
  readonly length: number
}

/**
 * Reads the body of a request as JSON. Throws `http.media_type` for another declared type, `frame.too_large` beyond
 * `maxBytes`, and `frame.*` if it is not JSON within the limits on depth and values.
 */
export async function readJsonBody(exchange: Exchange, maxBytes: number): Promise<JsonBody> {
  if (exchange.hasBody) checkMediaType(exchange.header('content-type'))
  const bytes = await readBytes(exchange, maxBytes)
  if (bytes.byteLength === 0) return { value: undefined, length: 0 }
  const text = decode(bytes)
  const { value, fault } = parseJson(text, 'body')
  if (fault) throw errorOf(fault)
  return { value, length: text.length }
}

/** This also blocks forms of other pages: a browser sends a preflight before this type. */
function checkMediaType(header: string | undefined): void {
  const [type = '', ...parameters] = (header ?? '').split(';').map(part => part.trim().toLowerCase())
  const isUtf8 = parameters.every(
    parameter => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
  )
  if (type === 'application/json' && isUtf8) return
  const found = header === undefined ? 'without a Content-Type' : `with Content-Type: ${header}`
  throw new AppError(
    'http.media_type',
    `Send the body as JSON in UTF-8 with Content-Type: application/json; it came ${found}.`,
  )
}

async function readBytes(exchange: Exchange, maxBytes: number): Promise<Buffer> {
  const tooLarge = () =>
    new AppError('frame.too_large', `The body is larger than the limit of ${maxBytes} bytes; send less at once.`)
  if (Number(exchange.header('content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of exchange.body()) {
    total += chunk.byteLength
    if (total > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    throw new AppError('frame.not_json', 'The body is not valid UTF-8, so it is not JSON.', { cause: error })
  }
}

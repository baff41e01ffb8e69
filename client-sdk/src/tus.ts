import { ClientError, ConnectionError, RemoteError } from './errors.js'
import { parseProblem } from './parse.js'

interface TusOptions {
  readonly fetch: typeof globalThis.fetch
  readonly token: (() => Promise<string>) | undefined
  readonly signal: AbortSignal | undefined
}

/** Timeout of one request. The last one includes inspection of the file by the server. */
const REQUEST_TIMEOUT_MS = 300_000
/** Statuses of temporary refusals: busy, locked, wrong offset, overloaded, restarting. */
const PASSING = new Set([408, 409, 423, 429, 500, 502, 503, 504])

/** One upload on the server, spoken to with tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
export class TusUpload {
  readonly #url: string
  readonly #options: TusOptions

  constructor(url: string, options: TusOptions) {
    this.#url = url
    this.#options = options
  }

  /** The offset of the upload; undefined if the server does not have it (any more). */
  async offset(): Promise<number | undefined> {
    const response = await this.#request('HEAD', {})
    if (response.status === 404 || response.status === 410) return undefined
    return this.#offsetOf(response)
  }

  /** Appends bytes at `offset` and returns the new offset. */
  async append(offset: number, body: Blob | Uint8Array): Promise<number> {
    const headers = { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }
    const next = await this.#offsetOf(await this.#request('PATCH', headers, body))
    const end = offset + (body instanceof Uint8Array ? body.byteLength : body.size)
    if (next > offset && next <= end) return next
    throw new ClientError(`the server answered bytes ${offset}-${end} with Upload-Offset ${next}`)
  }

  async #request(method: string, headers: Record<string, string>, body?: Blob | Uint8Array): Promise<Response> {
    const { fetch, token, signal } = this.#options
    const authorization = token && `Bearer ${await token()}`
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS)
    try {
      return await fetch(this.#url, {
        method,
        headers: { 'Tus-Resumable': '1.0.0', ...(authorization && { Authorization: authorization }), ...headers },
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
        // Typed arrays over shared memory are the one kind fetch refuses, and says so.
        ...(body && { body: body as BodyInit }),
      })
    } catch (cause) {
      signal?.throwIfAborted()
      // Named here, `timeout` also lives as long as the request: a combined signal does not keep it (nodejs/node#57736).
      const reason = timeout.aborted ? `no answer within ${REQUEST_TIMEOUT_MS} ms` : describe(cause)
      throw new ConnectionError(`${method} ${this.#url} failed: ${reason}`, { retryable: true, cause })
    }
  }

  async #offsetOf(response: Response): Promise<number> {
    const { status } = response
    // Read to its end in any case, so that the connection can be used again.
    const text = await response.text().catch(() => '')
    if (!response.ok) throw new RemoteError(parseProblem(status, text, PASSING.has(status)))
    const header = response.headers.get('Upload-Offset') ?? ''
    const offset = Number(header)
    if (header !== '' && Number.isSafeInteger(offset) && offset >= 0) return offset
    throw new ClientError(`the server answered without a usable Upload-Offset ("${header}"); is a proxy in between?`)
  }
}

/** Node's fetch says only "fetch failed"; what happened is in its cause. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

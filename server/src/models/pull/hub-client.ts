import fetch, { type Headers, type Response } from 'node-fetch'
import { AppError } from '../../lib/app-error.js'
import { pause as sleep } from '../../lib/pause.js'
import { retryAfterMs } from '../retry-after.js'
import { ConnectionCut, statusError } from './hub-errors.js'
import { Patience, STALL_MS } from './patience.js'

/** Address of a hub, and the credentials for it. */
export interface HubAccess {
  /** Base address, without a slash at the end. */
  readonly url: string
  /** Sent only to the hub itself, never logged. Empty: none. */
  readonly token: string
  /** Waits before the next attempt. @default a timer */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface HubRequest {
  /** Path below the base address. */
  readonly path: string
  /** Names the thing requested in errors. */
  readonly what: string
  /** First byte wanted. @default the whole */
  readonly from?: number
  readonly signal: AbortSignal
}

/** A response with status 200, or 206 or 416 for a range. */
export interface HubAnswer {
  readonly status: number
  /** Headers of the last answer. */
  readonly headers: Headers
  /** Headers of the hub's own answer, before any redirect. */
  readonly hubHeaders: Headers
  /** The body. The request rejects with `ConnectionCut` if it ends early. */
  readonly body: AsyncIterable<Buffer>
}

interface Busy {
  readonly host: string
  readonly waitMs: number | undefined
}

interface Step {
  readonly response: Response
  readonly hubHeaders: Headers
  readonly host: string
}

/** Attempts in a row without progress. */
export const MAX_ATTEMPTS = 5
const MAX_REDIRECTS = 5
/** Longest `Retry-After` that is obeyed. */
const MAX_WAIT_MS = 60_000
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]
const BUSY: readonly number[] = [429, 503]

/** HTTP client for a hub. It follows redirects without sending the token to other hosts, and waits while the hub is busy. */
export class HubClient {
  readonly #base: URL
  readonly #token: string
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>

  constructor({ url, token, pause = sleep }: HubAccess) {
    this.#base = new URL(`${url}/`)
    this.#token = token
    this.#pause = pause
  }

  /** Passes the response to `read` and returns its result. The connection is closed afterwards. */
  async get<T>(request: HubRequest, read: (answer: HubAnswer) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.#ask(request, read)
      if ('result' in outcome) return outcome.result
      const { host, waitMs } = outcome.busy
      if (attempt === MAX_ATTEMPTS) {
        throw new AppError('model.missing', `${host} was busy ${MAX_ATTEMPTS} times in a row; try again later`)
      }
      if (waitMs !== undefined && waitMs > MAX_WAIT_MS) {
        const seconds = Math.ceil(waitMs / 1000)
        throw new AppError('model.missing', `${host} is busy; try again in ${seconds} s`, { retryAfterMs: waitMs })
      }
      await this.backOff(attempt, request.signal, waitMs)
    }
  }

  /** Waits before the next attempt. @param ms by default it doubles with each attempt */
  async backOff(attempt: number, signal: AbortSignal, ms: number = 1000 * 2 ** (attempt - 1)): Promise<void> {
    await this.#pause(ms, signal)
    signal.throwIfAborted()
  }

  async #ask<T>(
    request: HubRequest,
    read: (answer: HubAnswer) => Promise<T>,
  ): Promise<{ readonly result: T } | { readonly busy: Busy }> {
    const patience = new Patience(request.signal)
    const hosts: string[] = []
    let last: Response | undefined
    try {
      const { response, hubHeaders, host } = await this.#follow(request, patience, hosts)
      last = response
      if (BUSY.includes(response.status)) {
        return { busy: { host, waitMs: retryAfterMs(response.headers.get('retry-after')) } }
      }
      const isRange = request.from !== undefined && (response.status === 206 || response.status === 416)
      if (response.status !== 200 && !isRange) {
        throw statusError(response.status, host, { what: request.what, hasToken: this.#token !== '' })
      }
      const { status, headers } = response
      return { result: await read({ status, headers, hubHeaders, body: heard(response, patience) }) }
    } catch (error) {
      request.signal.throwIfAborted()
      const host = hosts.at(-1) ?? this.#base.host
      if (patience.isOver) {
        throw new AppError('model.missing', `${host} sent nothing for ${STALL_MS / 1000} s; try again to continue`)
      }
      throw isOfNetwork(error) ? new ConnectionCut(host, error) : error
    } finally {
      patience.end()
      discard(last)
    }
  }

  async #follow({ path, what, from }: HubRequest, patience: Patience, hosts: string[]): Promise<Step> {
    let url = new URL(path, this.#base)
    let hubHeaders: Headers | undefined
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      hosts.push(url.host)
      const response = await fetch(url, {
        redirect: 'manual',
        compress: false,
        signal: patience.signal,
        headers: {
          'accept-encoding': 'identity',
          ...(from !== undefined && { range: `bytes=${from}-` }),
          ...(this.#token && url.origin === this.#base.origin && { authorization: `Bearer ${this.#token}` }),
        },
      })
      patience.heard()
      hubHeaders ??= response.headers
      if (!REDIRECTS.includes(response.status)) return { response, hubHeaders, host: url.host }
      discard(response)
      url = nextUrl(url, response.headers.get('location'), what)
    }
    throw new AppError('model.missing', `${this.#base.host} redirects more than ${MAX_REDIRECTS} times for ${what}`)
  }
}

function nextUrl(from: URL, location: string | null, what: string): URL {
  const next = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : undefined
  const isWeb = next?.protocol === 'https:' || (next?.protocol === 'http:' && from.protocol === 'http:')
  if (next && isWeb && next.username === '' && next.password === '') return next
  throw new AppError('model.missing', `${from.host} redirects ${what} to no address that may be followed`)
}

async function* heard({ body }: Response, patience: Patience): AsyncGenerator<Buffer> {
  for await (const chunk of body ?? []) {
    patience.heard()
    yield Buffer.from(chunk)
  }
}

/** Closes the connection of a response without reading the rest. */
function discard(response: Response | undefined): void {
  const body = response?.body
  if (body && 'destroy' in body && typeof body.destroy === 'function') body.destroy()
}

/** Errors of node-fetch and of the sockets below it. */
function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof AppError) return false
  return error.name === 'FetchError' || ('code' in error && NETWORK_CODES.includes(error.code))
}
const NETWORK_CODES: readonly unknown[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]

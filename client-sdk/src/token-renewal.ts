import type { Principal } from '#protocol'
import { ClientError } from './errors.js'
import type { SendCommand } from './methods.js'
import type { Settings } from './options.js'
import type { Expiring } from './parse.js'
import { sleep } from './sleep.js'
import { waitFor } from './wait-for.js'

/** Least time between two tokens, and between two attempts to get one. */
const MIN_INTERVAL_MS = 1000

interface RenewalTools {
  readonly settings: Settings
  readonly send: SendCommand
  /** Called when a new token was taken; `failures` attempts came before. */
  readonly onRenewed: (principal: Principal, failures: number) => void
}

/** Renews the token of the open connection before it ends. */
export class TokenRenewal {
  readonly #tools: RenewalTools
  /** When the token was asked for, by `performance.now()`. */
  #tokenSinceMs = 0
  #round = new AbortController()

  constructor(tools: RenewalTools) {
    this.#tools = tools
  }

  /** Call before a connection is opened with a new token: the first warning may come right after `hello`. */
  connecting(): void {
    this.#tokenSinceMs = performance.now()
  }

  /** There is no token to renew any more. */
  stop(): void {
    this.#round.abort()
  }

  /**
   * Gets a new token when a third of the life of this one is left, and again whenever a third of what is then left has
   * passed, until the server has taken one or the time is over: then the connection ends, and the next one gets its own.
   */
  async begin({ expiresAt, leftMs }: Expiring): Promise<void> {
    const { settings, onRenewed } = this.#tools
    this.stop()
    this.#round = new AbortController()
    const { signal } = this.#round
    const since = this.#tokenSinceMs
    const endMs = performance.now() + leftMs
    await sleep(Math.max(endMs - (endMs - since) / 3, since + MIN_INTERVAL_MS) - performance.now(), signal)
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const principal = await this.#renew(expiresAt, signal)
        onRenewed(principal, failures)
        return
      } catch (error) {
        if (signal.aborted) return
        settings.onState({ status: 'expiring', expiresAt, cause: notRenewed(error) })
      }
      const waitMs = Math.max((endMs - performance.now()) / 3, MIN_INTERVAL_MS)
      if (performance.now() + waitMs >= endMs) return
      await sleep(waitMs, signal)
    }
  }

  async #renew(expiresAt: string, signal: AbortSignal): Promise<Principal> {
    const { settings, send } = this.#tools
    if (!settings.token) throw new ClientError('there is no token option to get a new one from')
    const limits = { signal, timeoutMs: settings.connectTimeoutMs }
    const token = await waitFor(settings.token(), limits)
    // Set before the reply, as the next `auth.expiring` may come right after it.
    this.#tokenSinceMs = performance.now()
    const { principal } = await send('auth.refresh', { token }, limits)
    if (principal.expiresAt === expiresAt) throw new ClientError('the new token ends when the old one does')
    return principal
  }
}

function notRenewed(cause: unknown): ClientError {
  return new ClientError(`the token was not renewed: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })
}

import type { ErrorCode } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { toAppError } from '../lib/app-error.js'

/** How long the result of a check is cached, so that frequent probes cost little. */
const FRESH_MS = 1000

/** One part of the server and whether it works. */
export interface PartHealth {
  readonly name: string
  readonly ok: boolean
  /** Why it does not work. */
  readonly code?: ErrorCode
  readonly detail?: string
}

export interface HealthCheck {
  readonly name: string
  /** Resolves, with an optional detail, if the part works; throws if it does not. */
  readonly check: () => Promise<string | undefined>
  /** Never cached: the check costs nothing, and a change must show at once. @default false */
  readonly immediate?: boolean
}

export interface Readiness {
  readonly ready: boolean
  readonly parts: readonly PartHealth[]
}

/**
 * Checks every part. The server is ready if all of them work. Calls within a second of each other share the results.
 */
export function createReadiness(checks: readonly HealthCheck[], logger: Logger): () => Promise<Readiness> {
  const asks = checks.map(check => {
    const ask = () => healthOf(check, logger)
    return check.immediate ? ask : shared(ask)
  })
  return async () => {
    const parts = await Promise.all(asks.map(ask => ask()))
    return { ready: parts.every(part => part.ok), parts }
  }
}

/** Shares one run among all calls made while it runs or shortly after. The action must not reject. */
function shared<T>(action: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined
  const start = async () => {
    const result = await action()
    setTimeout(() => {
      last = undefined
    }, FRESH_MS).unref()
    return result
  }
  return () => {
    last ??= start()
    return last
  }
}

async function healthOf({ name, check }: HealthCheck, logger: Logger): Promise<PartHealth> {
  try {
    const detail = await check()
    return { name, ok: true, ...(detail !== undefined && { detail }) }
  } catch (error) {
    const { code, message } = toAppError(error)
    if (code === 'server.internal') logger.error({ err: error, part: name }, 'a part does not do its work')
    return { name, ok: false, code, detail: message }
  }
}

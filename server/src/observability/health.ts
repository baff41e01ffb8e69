import type { ErrorCode } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { toAppError } from '../lib/app-error.js'

/** How long an answer of a part stands, so that asking often costs little. */
const FRESH_MS = 1000

/** One part of the server, and whether it does its work. */
export interface PartHealth {
  readonly name: string
  readonly ok: boolean
  /** Why it does not. */
  readonly code?: ErrorCode
  readonly detail?: string
}

export interface HealthCheck {
  readonly name: string
  /** Resolves, with a detail if there is one to tell, when the part does its work; throws when it does not. */
  readonly check: () => Promise<string | undefined>
  /** Asked each time: it costs nothing, and a change has to show at once. @default false */
  readonly immediate?: boolean
}

export interface Readiness {
  readonly ready: boolean
  readonly parts: readonly PartHealth[]
}

/** Asks every part; ready means that all do their work. Those who ask within a second of each other share the answers. */
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

/** One run for all who ask while it runs or shortly after. The action must not reject. */
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

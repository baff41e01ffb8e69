import type { ErrorCode } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { toAppError } from '../lib/app-error.js'

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
}

export interface Readiness {
  readonly ready: boolean
  readonly parts: readonly PartHealth[]
}

/** Ready means: every part does its work. */
export async function readiness(checks: readonly HealthCheck[], logger: Logger): Promise<Readiness> {
  const parts = await Promise.all(checks.map(check => healthOf(check, logger)))
  return { ready: parts.every(part => part.ok), parts }
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

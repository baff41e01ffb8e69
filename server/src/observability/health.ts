import { toAppError } from '../lib/app-error.js'

/** One part of the server, and whether it does its work. */
export interface PartHealth {
  readonly name: string
  readonly ok: boolean
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
export async function readiness(checks: readonly HealthCheck[]): Promise<Readiness> {
  const parts = await Promise.all(checks.map(healthOf))
  return { ready: parts.every(part => part.ok), parts }
}

async function healthOf({ name, check }: HealthCheck): Promise<PartHealth> {
  try {
    const detail = await check()
    return { name, ok: true, ...(detail !== undefined && { detail }) }
  } catch (error) {
    return { name, ok: false, detail: toAppError(error).message }
  }
}

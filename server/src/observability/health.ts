/** One part of the server, and whether it does its work. */
export interface PartHealth {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

/** Asks a part how it is; a failure is a bad answer, not an error. */
export type HealthCheck = () => Promise<PartHealth>

export interface Readiness {
  readonly ready: boolean
  readonly parts: readonly PartHealth[]
}

/** Ready means: every part does its work. */
export async function readiness(checks: readonly HealthCheck[]): Promise<Readiness> {
  const parts = await Promise.all(checks.map(check => check()))
  return { ready: parts.every(part => part.ok), parts }
}

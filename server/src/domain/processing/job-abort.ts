/** Why a job was stopped from outside. */
export type AbortKind = 'cancelled' | 'closing' | 'lease_lost'

const MESSAGES: Record<AbortKind, string> = {
  cancelled: 'the job was cancelled',
  closing: 'the server is shutting down',
  lease_lost: 'the lease of the job was lost',
}

/** The reason of an aborted job's signal. */
export class JobAbort extends Error {
  override readonly name = 'JobAbort'

  constructor(readonly kind: AbortKind) {
    super(MESSAGES[kind])
  }
}

/** A stage failed, and with it the job; its siblings are aborted with this. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure'

  constructor(
    readonly stage: string,
    cause: unknown,
  ) {
    super(`stage ${stage} failed`, { cause })
  }
}

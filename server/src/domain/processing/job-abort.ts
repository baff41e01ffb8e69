import { AppError, toAppError } from '../../lib/app-error.js'

/** Why a job was stopped from outside. */
export type AbortKind = 'closing' | 'lease_lost'

const MESSAGES: Record<AbortKind, string> = {
  closing: 'the server is shutting down',
  lease_lost: 'the job was cancelled, or its lease was lost',
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

  /** The real cause, where it may be told; what is no fault of the file is `stage.failed`. The log has the rest. */
  get error(): AppError {
    const { code, message } = toAppError(this.cause)
    return new AppError(code === 'server.internal' ? 'stage.failed' : code, message, { cause: this.cause })
  }
}

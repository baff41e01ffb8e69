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

/** A stage failed and so did the job. Its siblings are aborted with this reason. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure'

  constructor(
    readonly stage: string,
    cause: unknown,
  ) {
    super(`stage ${stage} failed`, { cause })
  }

  /** The cause as clients may see it. Failures not due to the file become `stage.failed`; the log has the details. */
  get error(): AppError {
    const { code, message } = toAppError(this.cause)
    return new AppError(code === 'server.internal' ? 'stage.failed' : code, message, { cause: this.cause })
  }
}

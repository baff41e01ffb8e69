import type { SentError } from '../../lib/sent-error.js'
import type { TextCallName } from './text-work.js'

/** A call, sent to a thread when it has answered the one before. */
export interface ToTextWorker {
  readonly name: TextCallName
  readonly params: unknown
}

export type FromTextWorker =
  | { readonly type: 'result'; readonly result: unknown }
  /** A failure that a client may be told of has a code. */
  | ({ readonly type: 'error' } & SentError)

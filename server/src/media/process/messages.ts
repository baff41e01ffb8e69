import type { MediaInfo, Seconds } from '@cuewire/protocol'
import type { SentError } from '../../lib/sent-error.js'
import type { StillsRequest } from '../media-tools.js'

/** What the media process is asked to do. */
export type Call =
  | { readonly name: 'probe'; readonly file: string }
  | {
      readonly name: 'stills'
      readonly file: string
      readonly media: MediaInfo
      readonly request: Omit<StillsRequest, 'picture'>
    }

export type ToMediaProcess =
  | { readonly type: 'call'; readonly id: number; readonly call: Call }
  /** The picture that was sent last has been used; the next may come. */
  | { readonly type: 'taken'; readonly id: number }
  /** Nobody waits for the result of the call any more. */
  | { readonly type: 'cancel'; readonly id: number }

export type FromMediaProcess =
  | { readonly type: 'picture'; readonly id: number; readonly at: Seconds; readonly jpeg: Uint8Array }
  /** `result` is a MediaInfo for `probe`, and nothing for `stills`. */
  | { readonly type: 'result'; readonly id: number; readonly result: MediaInfo | undefined }
  | ({ readonly type: 'error'; readonly id: number } & SentError)

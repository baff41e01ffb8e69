import type { JobState, Seconds, StageStatus } from '@cuewire/protocol'

/** Why a question has no answer. The engine puts it into words. */
export type Abstention =
  | { readonly code: 'no_video' }
  /** It asks for a position in one video, but the chat is about several. */
  | { readonly code: 'which_video' }
  /** There is no earlier answer that "after that" could refer to. */
  | { readonly code: 'which_moment'; readonly direction: 'after' | 'before' }
  /** It names nothing to look for. */
  | { readonly code: 'which_subject' }
  /** The video of the last answer was deleted. */
  | { readonly code: 'video_gone' }
  /** Nothing has been found in the videos. */
  | { readonly code: 'no_content'; readonly videos: number }
  | { readonly code: 'no_chapter'; readonly chapters: number }
  | { readonly code: 'no_objects' }
  /** The kind of place could not be told. */
  | { readonly code: 'no_places' }
  | { readonly code: 'objects_not_seen'; readonly labels: readonly string[] }
  | { readonly code: 'time_past_end'; readonly asked: Seconds; readonly duration: Seconds }
  | { readonly code: 'nothing_at'; readonly at: Seconds }
  | { readonly code: 'nothing_beside'; readonly direction: 'after' | 'before'; readonly at: Seconds }
  /** The words that occur nowhere. */
  | { readonly code: 'not_mentioned'; readonly words: readonly string[]; readonly videos: number }
  /** The words all occur, but nowhere enough of them together. */
  | { readonly code: 'not_together'; readonly words: readonly string[]; readonly videos: number }
  | { readonly code: 'not_mentioned_then' }

/** What has not been processed in the videos asked about, so that "nothing found" may be wrong. */
export interface Gaps {
  /** States of the latest jobs of the videos, other than `completed`. */
  readonly unfinished: readonly Exclude<JobState, 'completed'>[]
  readonly skipped: readonly SkippedStage[]
}

export type SkippedStage = Pick<StageStatus, 'name' | 'reason' | 'command'>

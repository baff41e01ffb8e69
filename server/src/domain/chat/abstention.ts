import type { JobState, Seconds, StageStatus } from '@cuewire/protocol'

/** Why a question has no answer; the engine says it in words. */
export type Abstention =
  | { readonly code: 'no_video' }
  /** It asks for a place in one video, and the chat is about several. */
  | { readonly code: 'which_video' }
  /** The chat has no answer yet whose place "after that" could mean. */
  | { readonly code: 'which_moment'; readonly direction: 'after' | 'before' }
  /** It asks for nothing that could be looked for. */
  | { readonly code: 'which_subject' }
  /** The video of the last answer was deleted. */
  | { readonly code: 'video_gone' }
  /** Nothing has been found in the videos. */
  | { readonly code: 'no_content'; readonly videos: number }
  | { readonly code: 'no_chapter'; readonly chapters: number }
  | { readonly code: 'no_objects' }
  | { readonly code: 'objects_not_seen'; readonly labels: readonly string[] }
  | { readonly code: 'time_past_end'; readonly asked: Seconds; readonly duration: Seconds }
  | { readonly code: 'nothing_at'; readonly at: Seconds }
  | { readonly code: 'nothing_beside'; readonly direction: 'after' | 'before'; readonly at: Seconds }
  /** The words that occur nowhere. */
  | { readonly code: 'not_mentioned'; readonly words: readonly string[]; readonly videos: number }
  /** The words all occur, but nowhere enough of them together. */
  | { readonly code: 'not_together'; readonly words: readonly string[]; readonly videos: number }
  | { readonly code: 'not_mentioned_then' }

/** What has not been looked for in the videos asked about, so that "nothing" may be wrong. */
export interface Gaps {
  /** States of the latest jobs of the videos, other than `completed`. */
  readonly unfinished: readonly Exclude<JobState, 'completed'>[]
  readonly skipped: readonly SkippedStage[]
}

export type SkippedStage = Pick<StageStatus, 'name' | 'reason' | 'command'>

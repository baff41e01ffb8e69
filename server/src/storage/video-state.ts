import type { JobState, VideoState } from '@cuewire/protocol'

/** The state a video is in by the state of its job. */
export const VIDEO_STATE_OF = {
  queued: 'queued',
  running: 'processing',
  completed: 'ready',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<JobState, VideoState>

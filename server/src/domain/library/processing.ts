import type { Id, Job } from '@cuewire/protocol'

/** What the library asks of processing. */
export interface Processing {
  /** Queues a job with every stage, for the command with this trace context; `queue.full` when it may not. */
  enqueue(videoId: Id, request: { readonly traceparent: string | undefined }): Promise<Job>
  /** Ends the jobs of a video and waits until nothing writes for it any more. */
  stop(videoId: Id): Promise<void>
}

import type { Id, Job } from '@cuewire/protocol'

/** What the library needs from processing. */
export interface Processing {
  /** Queues a job with every stage, under the trace context of the command. Throws `queue.full`. */
  enqueue(videoId: Id, request: { readonly traceparent: string | undefined }): Promise<Job>
  /** Cancels the jobs of a video and waits until nothing writes for it any more. */
  stop(videoId: Id): Promise<void>
}

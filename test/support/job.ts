import type { Client } from '@cuewire/client'
import type { Job } from '@cuewire/protocol'

/** Waits for the end of a video's job, by its events. */
export async function jobEnd(client: Client, videoId: string): Promise<Job> {
  for await (const event of client.subscribe(`video/${videoId}`, { since: 0 })) {
    switch (event.type) {
      case 'processing.completed':
      case 'processing.failed':
      case 'processing.cancelled':
        return event.data.job
    }
  }
  throw new Error('the events ended before the job did')
}

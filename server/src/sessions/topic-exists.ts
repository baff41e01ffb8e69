import type { Topic } from '@cuewire/protocol'
import type { Store } from '../storage/store.js'

/** Whether a topic names something that is there; the video of an upload under way counts. */
export async function topicExists({ videos, uploads, chats, jobs }: Store, topic: Topic): Promise<boolean> {
  const [kind = '', id = ''] = topic.split('/')
  switch (kind) {
    case 'library':
      return true
    case 'video':
    case 'visual':
      return (await videos.get(id)) !== undefined || (await uploads.get(id)) !== undefined
    case 'chat':
      return (await chats.get(id)) !== undefined
    case 'job':
      return (await jobs.get(id)) !== undefined
    default:
      return false
  }
}

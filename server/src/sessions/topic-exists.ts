import type { Topic } from '@cuewire/protocol'
import type { Store } from '../storage/store.js'

/** Whether the subject of a topic exists, even if its record is damaged. The video of an unfinished upload counts. */
export async function topicExists({ videos, uploads, chats, jobs }: Store, topic: Topic): Promise<boolean> {
  const [kind = '', id = ''] = topic.split('/')
  switch (kind) {
    case 'library':
      return true
    case 'video':
    case 'visual':
      return (await videos.has(id)) || (await uploads.has(id))
    case 'chat':
      return await chats.has(id)
    case 'job':
      return (await jobs.state(id)) !== undefined
    default:
      return false
  }
}

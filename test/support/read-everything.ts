import { COMMANDS, type CommandName } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import type { RawSocket } from './raw-socket.js'

const results = new Map(Object.entries(COMMANDS).map(([name, row]) => [name, new SchemaCheck(row.result)]))

/** The result of a command; throws when it is refused or does not fit its schema. */
export async function mustReply(
  socket: RawSocket,
  type: CommandName,
  data: object = {},
): Promise<Record<string, unknown>> {
  const { data: result = {}, error } = await socket.command(type, data)
  if (error) throw new Error(`${type}: ${error.code}: ${error.message}`)
  const [fault] = results.get(type)?.faults(result) ?? []
  if (fault) throw new Error(`the result of ${type}: ${fault.pointer} ${fault.message}`)
  return result
}

/** Every read there is of everything that a tenant has; throws when one is refused or does not fit its schema. */
export async function readEverything(socket: RawSocket): Promise<void> {
  const { videos } = await mustReply(socket, 'video.list', { limit: 200 })
  for (const { id: videoId } of videos as { id: string }[]) {
    for (const type of [
      'video.get',
      'transcript.get',
      'shots.get',
      'detections.get',
      'objects.get',
      'tracks.get',
      'scenes.get',
      'text.get',
      'chapters.get',
      'keywords.get',
      'outline.get',
      'summary.get',
      'timeline.get',
    ] as const)
      await mustReply(socket, type, { videoId })
  }
  const { jobs } = await mustReply(socket, 'processing.list', { limit: 200 })
  for (const { id: jobId } of jobs as { id: string }[]) await mustReply(socket, 'processing.get', { jobId })
  const { chats } = await mustReply(socket, 'chat.list', { limit: 200 })
  for (const { id: chatId } of chats as { id: string }[])
    await mustReply(socket, 'chat.history', { chatId, limit: 200 })
  await mustReply(socket, 'search.query', { query: 'boats leave the tide' })
  await mustReply(socket, 'admin.stats')
}

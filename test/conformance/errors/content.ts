import { startServer } from '../../support/server.js'
import { ask, Client } from '../client.js'
import { failureOf, NO_ID, type Place, type Produce, untilIdle, uploaded } from './place.js'

/** A command is answered with the code. */
const answered =
  (type: string, data: (place: Place) => object): Produce =>
  async (t, place) =>
    (await Client.open(t, place.port)).codeOf(type, data(place))

const newChat = async (client: Client): Promise<string> => {
  const { data } = await client.command('chat.create')
  return String(data?.['topic']).slice('chat/'.length)
}

/** Errors of videos, jobs and chats. */
export const contentErrors: Readonly<Record<string, Produce>> = {
  'topic.not_found': answered('subscribe', () => ({ topic: `video/${NO_ID}` })),
  'video.not_found': answered('video.get', () => ({ videoId: NO_ID })),
  'video.busy': async (t, { port, videoId }) => {
    const client = await Client.open(t, port)
    const codes = await Promise.all([1, 2].map(() => client.codeOf('processing.start', { videoId })))
    await untilIdle(client, videoId)
    return failureOf(codes)
  },
  'video.no_picture': async (_t, { port, videoId }) =>
    (await ask(port, 'GET', `/v1/videos/${videoId}/frames/999.jpg`)).code,
  'server.busy': async (t, { clip }) => {
    const { port } = await startServer(t, { CUEWIRE_STILLS: '1', CUEWIRE_STILLS_QUEUE: '1' })
    const videoId = await uploaded(await Client.open(t, port), port, clip)
    const answers = Array.from({ length: 20 }, (_, i) => ask(port, 'GET', `/v1/videos/${videoId}/frames/${i / 4}.jpg`))
    return (await Promise.all(answers)).find(({ status }) => status !== 200)?.code
  },
  'http.range': async (_t, { port, videoId }) =>
    (await ask(port, 'GET', `/v1/videos/${videoId}/media`, { range: 'bytes=999999999-' })).code,
  'subtitles.invalid': answered('transcript.put', ({ videoId }) => ({
    videoId,
    subtitles: { format: 'srt', text: 'no cue' },
  })),
  'speaker.not_found': answered('speakers.rename', ({ videoId }) => ({ videoId, from: 'Nobody', to: 'Ada' })),
  'job.not_found': answered('processing.get', () => ({ jobId: NO_ID })),
  'job.finished': answered('processing.cancel', ({ jobId }) => ({ jobId })),
  'job.not_retryable': answered('processing.retry', ({ jobId }) => ({ jobId })),
  'queue.full': async (t, { port, clip, videoId }) => {
    const client = await Client.open(t, port)
    const ids = [videoId]
    for (let i = 0; i < 2; i++) {
      const id = await uploaded(client, port, clip)
      await untilIdle(client, id)
      ids.push(id)
    }
    // One runs and one waits; the third finds no room.
    const codes = await Promise.all(ids.map(id => client.codeOf('processing.start', { videoId: id })))
    for (const id of ids) await untilIdle(client, id)
    return failureOf(codes)
  },
  'chat.not_found': answered('chat.history', () => ({ chatId: NO_ID })),
  'chat.busy': async (t, { port }) => {
    const client = await Client.open(t, port)
    const ask = { chatId: await newChat(client), question: 'When do the boats leave?' }
    // Many at once, so that one of them comes while an answer is under way.
    return failureOf(await Promise.all(Array.from({ length: 20 }, () => client.codeOf('chat.ask', ask))))
  },
  'chat.not_answering': async (t, { port }) => {
    const client = await Client.open(t, port)
    return client.codeOf('chat.cancel', { chatId: await newChat(client) })
  },
  'cursor.invalid': answered('video.list', () => ({ cursor: 'no cursor of this server' })),
}

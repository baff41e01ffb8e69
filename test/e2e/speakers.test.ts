import { readFile } from 'node:fs/promises'
import type { TranscriptSegment } from '@cuewire/protocol'
import t from 'tap'
import { quickLibrary } from '../support/quick-library.js'
import { mustReply } from '../support/read-everything.js'

const VOICES = `WEBVTT

00:00.100 --> 00:00.600
<v Tom>The boats leave

00:00.600 --> 00:01.000
<v Tom>before dawn.

00:01.000 --> 00:01.500
<v Mary>Gulls cry.

00:01.500 --> 00:01.900
Waves.
`

t.test('the speakers of subtitles arrive live, are stored, and can be renamed', async t => {
  const { socket, clips, add, idle } = await quickLibrary(t)
  const { videoId } = await add(await readFile(await clips.plain()))
  await mustReply(socket, 'subscribe', { topic: `video/${videoId}` })
  await mustReply(socket, 'transcript.put', { videoId, subtitles: { format: 'vtt', text: VOICES } })
  const live: (string | undefined)[] = []
  for (let i = 0; i < 3; i++) {
    const { data } = await socket.next(frame => frame.type === 'transcript.segment')
    live.push((data as { segment: TranscriptSegment }).segment.speaker)
  }
  t.same(live, ['Tom', 'Mary', undefined])
  await idle(videoId)

  const read = async () => {
    const { segments } = (await mustReply(socket, 'transcript.get', { videoId })) as { segments: TranscriptSegment[] }
    return segments.map(({ speaker, text }) => [speaker, text])
  }
  const rename = (from: string, to: string) => socket.command('speakers.rename', { videoId, from, to })
  t.match(await rename('Mary', 'Ann'), { data: { segments: 1 } })
  t.match(await socket.next(frame => frame.type === 'speakers.renamed'), { data: { videoId, from: 'Mary', to: 'Ann' } })
  t.same(await read(), [
    ['Tom', 'The boats leave before dawn.'],
    ['Ann', 'Gulls cry.'],
    [undefined, 'Waves.'],
  ])
  t.match(await rename('Mary', 'Ann'), { error: { code: 'speaker.not_found' } }, 'nobody has that name any more')
  t.match(await rename('Ann', 'Tom'), { data: { segments: 1 } })
  t.match(await rename('Tom', 'Ada'), { data: { segments: 2 } }, 'two that were given one name are one speaker')
  t.equal(socket.frames.filter(({ type }) => type === 'speakers.renamed').length, 3, 'a refusal is no event')

  await mustReply(socket, 'transcript.put', { videoId, subtitles: { format: 'vtt', text: VOICES } })
  await idle(videoId)
  t.same(
    (await read()).map(([speaker]) => speaker),
    ['Tom', 'Mary', undefined],
    'a new run reads the file again',
  )
})

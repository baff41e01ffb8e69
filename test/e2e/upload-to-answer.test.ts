import { wordErrorRate } from '@cuewire/bench/sample/word-error-rate.js'
import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t from 'tap'
import { jobEnd } from '../support/job.js'
import { installedModels } from '../support/models.js'
import { startServer } from '../support/server.js'
import { SHORT_SCRIPT, talkingClip } from '../support/talking-clip.js'
import { testFolder } from '../support/test-folder.js'

const clip = await talkingClip(testFolder(t), SHORT_SCRIPT)
const textOf = (sentences: readonly { readonly text: string }[]) => sentences.map(({ text }) => text).join(' ')
const spoken = textOf(clip.sentences)

t.test('three scenes: cuts, objects, speech, stills, search and answers', async t => {
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const video = await uploadFile(client, clip.file)
  const videoId = video.id
  t.match(video.media, { duration: Number, video: { width: 640, height: 360 } })
  t.equal((await jobEnd(client, videoId)).state, 'completed')
  t.match((await client.video.list()).videos, [{ id: videoId, state: 'ready' }])

  const { shots } = await client.shots.get({ videoId })
  t.same(
    shots.map(({ start, transition }) => [start, transition]),
    [
      [0, 'start'],
      [4, 'cut'],
      [8, 'cut'],
    ],
  )

  const seen = async (start: number, end: number) => {
    const { frames } = await client.detections.get({ videoId, start, end, limit: 200 })
    return [...new Set(frames.flatMap(frame => frame.objects.map(object => object.label)))]
  }
  t.ok((await seen(0, 4)).includes('sheep'))
  t.ok((await seen(4, 8)).includes('person'))
  t.same(await seen(8, 12), [], 'nothing in the mountains')

  const { segments } = await client.transcript.get({ videoId })
  t.ok(wordErrorRate(spoken, textOf(segments)) <= 0.08, textOf(segments))

  const picture = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/frames/9.5.jpg`)
  t.equal(picture.headers.get('content-type'), 'image/jpeg')
  const poster = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/poster.jpg`)
  t.equal(poster.status, 200)
  const storyboard = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/storyboard.vtt`)
  t.equal(storyboard.headers.get('content-type'), 'text/vtt; charset=utf-8')
  t.match(await storyboard.text(), /^WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nstoryboard.jpg#xywh=0,0,160,90\n/)
  const part = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/media`, { headers: { range: 'bytes=4-7' } })
  t.equal(part.status, 206)
  t.equal(await part.text(), 'ftyp')

  const { hits } = await client.search.query({ query: 'sheep' })
  t.match(hits[0], { videoId, why: [{ modality: 'object' }] })
  t.ok((hits[0]?.start ?? 99) < 4)

  const { chat } = await client.chat.create({ videoIds: [videoId] })
  const ask = async (question: string) => {
    for await (const event of client.ask(chat.id, question)) if (event.type === 'chat.done') return event.data.message
    throw new Error('no answer')
  }
  const objects = await ask('What objects appear?')
  t.match(objects.text, /sheep/)
  t.ok(objects.citations.length > 0)
  const train = await ask('When does the train leave the station?')
  t.match(train.text, /noon/)
  const [citation] = train.citations
  const sentence = clip.sentences.at(-1)
  t.ok(citation && sentence && citation.start < sentence.end && citation.end > sentence.start, 'it cites the sentence')
  const unknown = await ask('Who won the football world cup?')
  t.match(unknown, { abstained: true, citations: [] })
  t.equal((await client.chat.history({ chatId: chat.id })).messages.length, 6)

  await client.video.delete({ videoId })
  t.same(await client.video.list(), { videos: [] })
})

t.test('subtitles given with the upload are used in place of speech recognition', async t => {
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const text = '1\n00:00:01,000 --> 00:00:03,000\nThe given words are used.\n'
  const video = await uploadFile(client, clip.file, { subtitles: { format: 'srt', text } })
  await jobEnd(client, video.id)
  t.match((await client.transcript.get({ videoId: video.id })).segments, [
    { text: 'The given words are used.', start: 1, end: 3, source: 'given' },
  ])
})

t.test('a file with sound only is processed, and its picture stages are skipped with the reason', async t => {
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const video = await uploadFile(client, clip.soundFile)
  const job = await jobEnd(client, video.id)
  t.equal(job.state, 'completed')
  for (const name of ['shots', 'objects']) {
    t.match(
      job.stages.find(stage => stage.name === name),
      { state: 'skipped', reason: /picture/ },
    )
  }
  const { segments } = await client.transcript.get({ videoId: video.id })
  t.ok(wordErrorRate(spoken, textOf(segments)) <= 0.08, textOf(segments))
})

t.test('without models the stages that need them are skipped, with the command that mends it', async t => {
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: testFolder(t) })
  const client = await connect(`ws://127.0.0.1:${port}`)
  t.teardown(() => client.close())
  const job = await jobEnd(client, (await uploadFile(client, clip.file)).id)
  t.equal(job.state, 'completed')
  for (const name of ['objects', 'transcript']) {
    t.match(
      job.stages.find(stage => stage.name === name),
      { state: 'skipped', command: /cuewire -- models pull/ },
    )
  }
  t.match(
    job.stages.find(stage => stage.name === 'shots'),
    { state: 'completed' },
  )
  t.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 503)
})

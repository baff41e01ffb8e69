import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import t from 'tap'
import { jobEnd } from '../support/job.js'
import { installedModels } from '../support/models.js'
import { startServer } from '../support/server.js'
import { sharedMedia } from '../support/shared-media.js'
import { testFolder } from '../support/test-folder.js'

t.test(
  'four scenes: cuts, objects, stills, search and answers',
  { skip: sharedMedia('derived_four-scenes.mp4').skip },
  async t => {
    const [file = ''] = sharedMedia('derived_four-scenes.mp4').paths
    const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
    const client = await connect(`ws://127.0.0.1:${port}`)
    t.teardown(() => client.close())
    const video = await uploadFile(client, file)
    const videoId = video.id
    t.match(video.media, { duration: Number, video: { width: 640, height: 360 } })
    t.equal((await jobEnd(client, videoId)).state, 'completed')
    t.match((await client.video.list()).videos, [{ id: videoId, state: 'ready' }])

    const { shots } = await client.shots.get({ videoId })
    const cuts = shots.slice(1).map(shot => shot.start)
    t.equal(cuts.length, 3)
    for (const [i, at] of [4, 8, 12].entries()) t.ok(Math.abs((cuts[i] ?? 0) - at) <= 0.1, `a cut at ${at} s`)

    const seen = async (start: number, end: number) => {
      const { frames } = await client.detections.get({ videoId, start, end, limit: 200 })
      return new Set(frames.flatMap(frame => frame.objects.map(object => object.label)))
    }
    t.ok((await seen(0, 4)).has('bottle'))
    t.ok((await seen(4, 8)).has('person'))
    const last = await seen(12, 16)
    t.ok(
      ['dog', 'bicycle', 'car'].some(label => last.has(label)),
      [...last].join(),
    )

    const picture = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/frames/9.5.jpg`)
    t.equal(picture.headers.get('content-type'), 'image/jpeg')
    const poster = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/poster.jpg`)
    t.equal(poster.status, 200)
    const part = await fetch(`http://127.0.0.1:${port}/v1/videos/${videoId}/media`, { headers: { range: 'bytes=4-7' } })
    t.equal(part.status, 206)
    t.equal(await part.text(), 'ftyp')

    const { hits } = await client.search.query({ query: 'bottle' })
    t.match(hits[0], { videoId, why: [{ modality: 'object' }] })
    t.ok((hits[0]?.start ?? 99) < 4)

    const { chat } = await client.chat.create({ videoIds: [videoId] })
    const ask = async (question: string) => {
      for await (const event of client.ask(chat.id, question)) if (event.type === 'chat.done') return event.data.message
      throw new Error('no answer')
    }
    const objects = await ask('What objects appear?')
    t.match(objects.text, /bottle/)
    t.ok(objects.citations.length > 0)
    const unknown = await ask('Who won the football world cup?')
    t.match(unknown, { abstained: true, citations: [] })
    t.equal((await client.chat.history({ chatId: chat.id })).messages.length, 4)

    await client.video.delete({ videoId })
    t.same(await client.video.list(), { videos: [] })
  },
)

t.test(
  'subtitles given with the upload are used in place of speech recognition',
  { skip: sharedMedia('derived_person-with-speech.mp4').skip },
  async t => {
    const [file = ''] = sharedMedia('derived_person-with-speech.mp4').paths
    const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
    const client = await connect(`ws://127.0.0.1:${port}`)
    t.teardown(() => client.close())
    const text = '1\n00:00:01,000 --> 00:00:03,000\nThe given words are used.\n'
    const video = await uploadFile(client, file, { subtitles: { format: 'srt', text } })
    await jobEnd(client, video.id)
    t.match((await client.transcript.get({ videoId: video.id })).segments, [
      { text: 'The given words are used.', start: 1, end: 3, source: 'given' },
    ])
  },
)

t.test(
  'a file with sound only is processed, and its picture stages are skipped with the reason',
  { skip: sharedMedia('jfk.wav').skip },
  async t => {
    const [file = ''] = sharedMedia('jfk.wav').paths
    const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: await installedModels(t) })
    const client = await connect(`ws://127.0.0.1:${port}`)
    t.teardown(() => client.close())
    const video = await uploadFile(client, file)
    const job = await jobEnd(client, video.id)
    t.equal(job.state, 'completed')
    for (const name of ['shots', 'objects']) {
      t.match(
        job.stages.find(stage => stage.name === name),
        { state: 'skipped', reason: /picture/ },
      )
    }
    const { segments } = await client.transcript.get({ videoId: video.id })
    t.match(segments.map(segment => segment.text).join(' '), /ask not what your country can do for you/i)
  },
)

t.test(
  'without models the stages that need them are skipped, with the command that mends it',
  { skip: sharedMedia('derived_four-scenes.mp4').skip },
  async t => {
    const [file = ''] = sharedMedia('derived_four-scenes.mp4').paths
    const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: testFolder(t) })
    const client = await connect(`ws://127.0.0.1:${port}`)
    t.teardown(() => client.close())
    const job = await jobEnd(client, (await uploadFile(client, file)).id)
    t.equal(job.state, 'completed')
    t.match(
      job.stages.find(stage => stage.name === 'objects'),
      { state: 'skipped', command: /cuewire -- models pull/ },
    )
    t.match(
      job.stages.find(stage => stage.name === 'shots'),
      { state: 'completed' },
    )
    t.equal((await fetch(`http://127.0.0.1:${port}/readyz`)).status, 503)
  },
)

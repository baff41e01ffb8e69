import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import type { Job } from '@cuewire/protocol'
import t from 'tap'
import { openChats } from '../../../support/chats.js'
import { aJob, aVideo } from '../../../support/entities.js'
import { addTalk, aLabel } from '../../../support/talk-library.js'

const PULL = 'npm run cuewire -- models pull speech-moonshine-base'
const SKIPPED: Job['stages'] = [
  { name: 'transcript', state: 'skipped', reason: 'speech-moonshine-base is not installed', command: PULL },
  { name: 'objects', state: 'skipped', reason: 'the file has no picture' },
  // No answer comes from it, so it is not told.
  { name: 'speakers', state: 'skipped', reason: 'speakers-ge2e is not installed', command: PULL },
]

t.test(
  'of a video in which nothing was found the answer says what was skipped, and the command that mends it',
  async t => {
    const { store, ask, newChat } = await openChats(t)
    const about = async (job: Partial<Job>, question = 'What is this about?') => {
      const video = aVideo()
      const latest = aJob(video.id, job)
      await store.videos.insert({ ...video, jobId: latest.id }, undefined)
      await store.jobs.insert(latest)
      const { text, abstained } = await ask(await newChat([video.id]), question)
      t.equal(abstained, true)
      return text
    }
    t.equal(
      await about({ state: 'completed', stages: SKIPPED }),
      `Nothing was found in this video. Skipped: transcript (speech-moonshine-base is not installed; fix it with: ${PULL}), objects (the file has no picture). Then process the video again.`,
    )
    t.equal(
      await about({ state: 'completed', stages: SKIPPED }, 'When do the boats leave?'),
      `I found nothing about “boats” and “leave” in this video. Skipped: transcript (speech-moonshine-base is not installed; fix it with: ${PULL}). Then process the video again.`,
      'another question only hears of what can be mended',
    )
    t.equal(
      await about({ state: 'completed', stages: [] }),
      'Nothing was found in this video: no speech, no chapters and no objects.',
    )
    const noPicture = { state: 'skipped', reason: 'the file has no picture' } as const
    t.equal(
      await about({
        state: 'completed',
        stages: [
          { name: 'shots', ...noPicture },
          { name: 'objects', ...noPicture },
          { name: 'transcript', state: 'completed' },
        ],
      }),
      'Nothing was found in this video: no speech. Skipped: objects (the file has no picture).',
      'sound in which nobody speaks',
    )
    t.equal(
      await about({
        state: 'completed',
        stages: [{ name: 'transcript', state: 'skipped', reason: 'the file has no sound' }],
      }),
      'Nothing was found in this video: no objects. Skipped: transcript (the file has no sound).',
    )
    t.equal(await about({ state: 'failed', stages: [] }), 'Nothing was found in this video: the processing failed.')
  },
)

t.test('"yet" is only said while the video is being processed', async t => {
  const { store, ask, newChat } = await openChats(t)
  for (const state of ['queued', 'running'] as const) {
    const video = aVideo()
    const job = aJob(video.id, { state })
    await store.videos.insert({ ...video, jobId: job.id }, undefined)
    await store.jobs.insert(job)
    const { text } = await ask(await newChat([video.id]), 'What is this about?')
    t.equal(text, 'Nothing has been found in this video yet: the processing goes on.')
  }
})

t.test('what was skipped is not told beside an answer', async t => {
  const { store, ask, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: ['The boats leave the harbour before dawn.'] })
  const job = aJob(video.id, { state: 'completed', stages: SKIPPED })
  await store.jobs.insert(job)
  const { text, abstained } = await ask(await newChat([video.id]), 'When do the boats leave?')
  t.match({ text, abstained }, { text: /before dawn/, abstained: false })
  t.notMatch(text, 'Skipped')
})

t.test('only the words that occur nowhere in the video are said to be missing', async t => {
  const { store, ask, newChat } = await openChats(t)
  const labels = [aLabel('boat', [[2, 8]])]
  const video = await addTalk(store, { passages: [PASSAGES.bread, PASSAGES.volcano], title: 'Crust', labels })
  const about = async (question: string) => (await ask(await newChat([video.id]), question)).text
  t.match(await about('Does a boat appear?'), /^Yes/)
  for (const boat of ['boat', 'boats', 'ship'])
    t.equal(await about(`Was the ${boat} sold?`), 'I found nothing about “sold” in this video.', boat)
  t.equal(
    await about('Does the crust frighten sharks?'),
    'I found nothing about “frighten” and “sharks” in this video.',
  )
  t.equal(
    await about('Do the volcanoes rise from boats of flour under the gas?'),
    'I found no answer to that in this video, though “volcanoes”, “rise”, “boats” and “flour” occur in it.',
    'words that occur, but not together',
  )
})

import type { Scene } from '@cuewire/protocol'
import t from 'tap'
import { openChats } from '../../../support/chats.js'
import { newId } from '../../../support/entities.js'
import { addTalk } from '../../../support/talk-library.js'

const scene = (index: number, start: number, end: number, found: Pick<Scene, 'place' | 'band'>): Scene => ({
  ...{ index, start, end, why: [], light: 'normal', camera: 'still', moving: 0, palette: [], ...found },
})

t.test('the kind of place is told with its times, as sure as it is', async t => {
  const { store, ask, newChat } = await openChats(t)
  const { id } = await addTalk(store, { passages: [] })
  const jobId = newId()
  const tell = async (scenes: readonly Scene[]) => {
    await store.content.begin(id, 'scenes', jobId)
    await store.content.replace(id, 'scenes', jobId, scenes)
    await store.content.complete(id, 'scenes', jobId)
  }
  const where = async (question: string) => await ask(await newChat([id]), question)

  await tell([
    scene(0, 0, 4, { place: 'slide', band: 'high' }),
    scene(1, 4, 9, { place: 'slide', band: 'high' }),
    scene(2, 9, 12, { place: 'unknown', band: 'low' }),
    scene(3, 12, 20, { place: 'street', band: 'medium' }),
  ])
  for (const question of ['Where does this take place?', 'Where was it filmed?', 'Is it indoors or outdoors?']) {
    const answer = await where(question)
    t.equal(answer.text, 'It probably shows: slide, screen, 0:00–0:09 [1], street, outdoor, 0:12–0:20 [2]', question)
    t.match(answer, {
      confidence: 'medium',
      citations: [
        { start: 0, end: 9 },
        { start: 12, end: 20 },
      ],
    })
  }
  await tell([scene(0, 0, 4, { place: 'kitchen', band: 'high' })])
  t.match(await where('What kind of place is it?'), {
    confidence: 'high',
    text: /^It shows: kitchen, indoor, 0:00–0:04/,
  })
  await tell([scene(0, 0, 4, { place: 'unknown', band: 'low' })])
  t.match(await where('Where are we?'), { abstained: true, text: /^I could not tell what kind of place is shown/ })
})

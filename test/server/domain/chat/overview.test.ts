import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import t from 'tap'
import { openChats } from '../../../support/chats.js'
import { newId } from '../../../support/entities.js'
import { addTalk } from '../../../support/talk-library.js'

const SENTENCES = [
  { index: 0, chapter: 0, text: 'The baker weighs everything, because a cup can hold too much or too little flour.' },
  { index: 1, chapter: 1, text: 'Captain Maria Silva has worked on this coast for thirty years.' },
]

t.test('questions about the whole are answered from the summary and the outline', async t => {
  const { store, ask, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.bread, PASSAGES.boats] })
  const said = (await store.content.list(video.id, 'transcript', { limit: 50 })).items
  const summary = SENTENCES.map(sentence => {
    const { start = 0, end = 0 } = said.find(({ text }) => text === sentence.text) ?? {}
    return { ...sentence, start, end }
  })
  const jobId = newId()
  await store.content.begin(video.id, 'summary', jobId)
  await store.content.add(video.id, 'summary', jobId, summary)
  await store.content.complete(video.id, 'summary', jobId)
  const about = async (question: string) => ask(await newChat([video.id]), question)
  const quotes = SENTENCES.map(({ text }) => text)

  t.test('a summary in its sentences, each cited at its time', async t => {
    for (const question of ['What is this about?', 'Summarise the video', 'tl;dr']) {
      const { citations, confidence, text } = await about(question)
      t.strictSame(
        citations.map(({ quote, start, end }) => [quote, start, end]),
        summary.map(({ text, start, end }) => [text, start, end]),
        question,
      )
      t.equal(confidence, 'high')
      t.equal(text, `${quotes[0]} [1] ${quotes[1]} [2]`)
    }
  })

  t.test('key moments: every chapter with its time, quoted by the sentence of the summary', async t => {
    const { citations, text } = await about('What are the key moments?')
    t.match(text, /^The video has 2 main parts\. 0:00 /)
    for (const [at, { quote, start }] of citations.entries()) {
      t.ok(quote.endsWith(`: ${quotes[at]}`), quote)
      t.equal(start, summary[at]?.start)
    }
    t.equal(citations.length, 2)
  })

  t.test('of a long video, its sections with what they contain', async t => {
    const part = (start: number, title: string) => ({ start, end: start + 20, title })
    const sections = [
      { index: 0, ...part(0, 'Bread'), end: 40, parts: [part(0, 'Flour'), part(20, 'Oven')] },
      { index: 1, ...part(40, 'Boats'), end: 80, parts: [part(40, 'Nets'), part(60, 'Auction')] },
    ]
    const job = newId()
    await store.content.begin(video.id, 'outline', job)
    await store.content.add(video.id, 'outline', job, sections)
    await store.content.complete(video.id, 'outline', job)
    const { citations, text } = await about('What topics are covered?')
    t.match(text, /^The video has 2 main parts\. 0:00 Bread: Flour; Oven \[1\] 0:40 Boats: Nets; Auction \[2\]$/)
    t.match(citations, [
      { start: 0, end: 40 },
      { start: 40, end: 80 },
    ])
    t.equal((await about('Summarise the video')).citations.length, 2, 'a summary is still one')
  })
})

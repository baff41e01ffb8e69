import { evaluateChat, scores } from '@cuewire/bench/eval/chat-eval.js'
import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { DEVELOPMENT, SECOND, UNSEEN } from '@cuewire/bench/eval/questions.js'
import { makeTalk } from '@cuewire/bench/eval/talk.js'
import t from 'tap'
import { openChats } from '../../../support/chats.js'
import { addTalk, aLabel } from '../../../support/talk-library.js'

for (const [name, sets] of Object.entries({ development: DEVELOPMENT, second: SECOND, unseen: UNSEEN }))
  t.test(
    `of the ${name} questions nearly all are answered from the right place, and those without an answer are declined`,
    async t => {
      const { hitRate, abstentionPrecision, abstentionRecall } = scores(await evaluateChat(sets))
      t.ok(hitRate >= 0.9, `hit rate ${hitRate}`)
      t.ok(abstentionPrecision >= 0.85, `abstention precision ${abstentionPrecision}`)
      t.ok(abstentionRecall >= 0.9, `abstention recall ${abstentionRecall}`)
    },
  )

t.test('answers about one video', async t => {
  const { store, ask, newChat } = await openChats(t)
  const labels = [
    aLabel('boat', [[42, 60]], 3),
    aLabel('person', [
      [2, 8],
      [44, 50],
    ]),
  ]
  const video = await addTalk(store, { passages: [PASSAGES.bread, PASSAGES.boats, PASSAGES.volcano], labels })
  const about = async (question: string) => ask(await newChat([video.id]), question)

  t.test('the whole: every chapter with its time', async t => {
    const answer = await about('What is this video about?')
    t.equal(answer.citations.length, 3)
    t.ok(answer.citations.every(({ modality }) => modality === 'chapter'))
    t.match(answer, { abstained: false, confidence: 'high', state: 'completed' })
  })

  t.test('a chapter: its time in words, and the sentence quoted as the citation', async t => {
    const sentences = makeTalk([PASSAGES.bread, PASSAGES.boats, PASSAGES.volcano]).segments
    for (const question of ['What is this about?', 'What is the second chapter about?', 'What happens at 0:45?']) {
      const { citations, text } = await about(question)
      const chapters = citations.filter(({ modality }) => modality === 'chapter')
      t.ok(chapters.length > 0, question)
      for (const { quote, start, end } of chapters) {
        const said = sentences.find(sentence => quote.endsWith(`: ${sentence.text}`))
        t.strictSame([start, end], [said?.start, said?.end], quote)
      }
      t.match(text, /\b0:(?:00|41)[– ]/, 'the time of the chapter')
    }
  })

  t.test('a time: what is said and seen then', async t => {
    const answer = await about('What happens at 0:45?')
    t.ok(answer.citations.some(({ modality, start, end }) => modality === 'transcript' && start <= 46 && end >= 44))
    t.ok(answer.citations.some(({ modality, quote }) => modality === 'object' && quote.startsWith('boat')))
  })

  t.test('a time past the end: the video is not that long', async t => {
    const answer = await about('What happens at 59:00?')
    t.match(answer, { abstained: true, citations: [], text: /ends at 1:5\d; it has no 59:00/ })
  })

  t.test('objects: all, one, when, how many, and one that is not there', async t => {
    t.same(
      new Set((await about('What objects appear?')).citations.map(({ quote }) => quote.split(' ')[0])),
      new Set(['boat', 'person']),
    )
    t.match(await about('Are there any people in the video?'), {
      text: /^Yes/,
      citations: [
        { start: 2, end: 8 },
        { start: 44, end: 50 },
      ],
    })
    t.match(await about('When do we see a boat?'), { citations: [{ modality: 'object', start: 42, end: 60 }] })
    t.match(await about('How many boats are visible?'), { text: /up to 3/ })
    t.match(await about('Is there a giraffe?'), { abstained: true, text: /no giraffe/ })
  })

  t.test('when something is mentioned: the time in words and as a citation', async t => {
    const answer = await about('When is the shark mentioned?')
    t.match(answer.text, /At \d:\d\d: .*shark.* \[\d+\]/)
    t.match(answer.citations, [{ quote: /small shark/ }])
  })

  t.test('a follow-up goes on from the last citation, in both directions', async t => {
    const chat = await newChat([video.id])
    t.match(await ask(chat, 'Who is the captain?'), { citations: [{ quote: /Maria Silva/ }] })
    t.match(await ask(chat, 'And after that?'), { citations: [{ quote: /crew of six/ }, { quote: /sardines/ }] })
    t.match(await ask(chat, 'And before that?'), { citations: [{}, { quote: /Maria Silva/ }] })
  })

  t.test('"why?" is about the question before it', async t => {
    const chat = await newChat([video.id])
    await ask(chat, 'When do they return quickly?')
    t.match(await ask(chat, 'Why?'), { abstained: false, citations: [{ quote: /waves grow dangerous/ }] })
  })

  t.test('a question that is complete takes over no words of the one before it', async t => {
    for (const question of ['What do you see?', 'What is said?', 'Where are we?']) {
      const chat = await newChat([video.id])
      await ask(chat, 'Who is the captain?')
      const [after, fresh] = [await ask(chat, question), await about(question)]
      t.strictSame([after.text, after.abstained], [fresh.text, fresh.abstained], question)
    }
  })

  t.test('"why?" takes over what a question is about, not its time nor that it asks for the whole', async t => {
    for (const question of [
      'What is shown at 0:47?',
      'How long is the video?',
      'What is this about?',
      'What do you see?',
    ]) {
      const chat = await newChat([video.id])
      t.match(await ask(chat, question), { abstained: false }, question)
      t.match(await ask(chat, 'why?'), { abstained: true, text: /^Ask about something/ }, question)
    }
    const chat = await newChat([video.id])
    await ask(chat, 'Does a giraffe appear?')
    t.match(await ask(chat, 'why?'), { text: /nothing about “giraffe” in/ })
  })

  t.test('"and after that?" with nothing before it asks back', async t => {
    t.match(await about('and after that?'), { abstained: true, text: /After what/ })
  })

  t.test('every mark in the text has its citation, and the reverse', async t => {
    for (const question of [
      'What is this about?',
      'What happens at 0:45?',
      'What objects appear?',
      'Why is the soil fertile?',
    ]) {
      const { text, citations } = await about(question)
      const marks = new Set([...text.matchAll(/\[(\d+)\]/g)].map(match => Number(match[1])))
      t.ok(marks.size > 0)
      t.same(marks, new Set(citations.map(({ number }) => number)), question)
    }
  })
})

t.test('a time and a subject: what is said of it then, however often it is mentioned elsewhere', async t => {
  const { store, ask, newChat } = await openChats(t)
  const often = Array.from({ length: 12 }, (_, at) => `The lava of day ${at + 1} is hot.`)
  const video = await addTalk(store, {
    passages: [[...often, 'In the end they photograph the lava from far away.'].join(' ')],
  })
  const { text } = await ask(await newChat([video.id]), 'What is said about lava in the last 3 seconds?')
  t.match(text, /photograph the lava/)
})

t.test('what was recognised doubtfully is said to be doubtful, with its moment', async t => {
  const { store, ask, newChat } = await openChats(t)
  const labels = [
    { ...aLabel('dog', [[10, 20]]), band: 'medium' as const },
    { ...aLabel('kite', [[42, 44]]), band: 'low' as const },
  ]
  const video = await addTalk(store, { passages: [PASSAGES.bread, PASSAGES.boats], labels })
  const about = async (question: string) => ask(await newChat([video.id]), question)
  t.match(await about('Is there a dog?'), { text: /^Probably\. I recognised: dog at 0:10/, confidence: 'medium' })
  t.match(await about('Is there a kite?'), { text: /^I am not sure.*possibly kite at 0:42/, confidence: 'low' })
  t.match(await about('What objects appear?'), { text: /dog .*possibly kite/, confidence: 'medium' })
  t.notMatch((await about('What happens at 0:43?')).text, /kite/, 'it is no part of what happens')
})

import { PASSAGES } from '@cuewire/bench/eval/passages.js'
import { intentOf } from '@cuewire/server/domain/chat/intent.js'
import t from 'tap'
import { openChats } from '../../../support/chats.js'
import { addTalk } from '../../../support/talk-library.js'

const CASES: readonly (readonly [about: string, messages: readonly string[]])[] = [
  [
    'thanks',
    [
      'thanks',
      'Thanks!',
      'THANK YOU',
      'thank you very much.',
      'ok, thanks',
      'great, thank you!',
      'thanks for the help',
    ],
  ],
  [
    'thanks',
    [
      'danke',
      'Vielen Dank!',
      'gracias',
      'merci beaucoup',
      'grazie',
      'obrigada',
      'спасибо',
      '谢谢！',
      'thx',
      'hi, thanks',
    ],
  ],
  [
    'greeting',
    [
      'hi',
      'Hello!',
      'hey there',
      'Good morning',
      'hola',
      'Bonjour',
      'Guten Tag',
      'привет',
      'how are you?',
      "what's up?",
    ],
  ],
  ['farewell', ['bye', 'Goodbye!', 'good night', 'see you later', 'tschüss', 'adiós', 'ciao']],
  [
    'assent',
    ['ok', 'OK!', 'yes', 'no', 'cool', 'I see', 'got it', 'hmm', 'wow, very interesting', 'never mind', 'really?'],
  ],
  ['identity', ['who are you?', 'What are you?', "what's your name", 'are you a bot?', 'hi, who are you?']],
  ['help', ['what can you do?', 'help', 'What can I ask you?', 'how does this work?', 'help me please']],
  ['nothing', ['?', '???', '...', '!', '😀', '👍🏽', '—', ' ', '\u200b', '?!…']],
]

for (const [about, messages] of CASES)
  for (const message of messages)
    t.test(`${JSON.stringify(message)} is no question`, async t => {
      t.same(intentOf(message), { kind: 'smalltalk', about })
    })

t.test('a question that begins with, or holds, a kind word is a question', async t => {
  for (const question of [
    'Hi, what is this about?',
    'Who are you talking about?',
    'What can you do with yeast?',
    'How does this work with wind?',
    'Why?',
    'and then?',
    'When do they say thanks?',
    'What does "ciao" mean?',
    'Is it good?',
    'helpful tips about bread',
    'no sharks?',
    '1:30',
    'yeast',
  ])
    t.not(intentOf(question).kind, 'smalltalk', question)
})

t.test('a kind word is answered as one: without a citation, without abstaining, without the last question', async t => {
  const { store, ask, newChat, events } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.boats, PASSAGES.bread] })
  const chatId = await newChat([video.id])
  t.match(await ask(chatId, 'Who won the football world cup?'), { abstained: true })
  events.length = 0
  const reply = await ask(chatId, 'thanks')
  t.match(reply, { text: 'You are welcome.', abstained: false, citations: [], state: 'completed' })
  t.notOk('confidence' in reply, 'there is nothing to be sure of')
  t.strictSame(
    events.map(({ type }) => type),
    ['chat.message', 'chat.retrieval', 'chat.delta', 'chat.done'],
    'the events are those of any answer',
  )
  for (const message of ['?', '...', '😀', 'danke', 'ok', 'WHO ARE YOU?']) {
    const { text, abstained } = await ask(chatId, message)
    t.equal(abstained, false, message)
    t.notMatch(text, /football|found nothing/, message)
  }
  t.match(await ask(await newChat(), 'hello'), { text: /^Hello/, abstained: false }, 'also about no video at all')
})

t.test('a follow-up question goes over a kind word to the question before it', async t => {
  const { store, ask, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.boats, PASSAGES.bread] })
  const chatId = await newChat([video.id])
  const first = await ask(chatId, 'When do the boats leave the harbour?')
  await ask(chatId, 'great, thanks!')
  const { citations } = await ask(chatId, 'Why?')
  t.ok(first.citations.length > 0 && citations.length > 0)
  const [boats] = first.citations
  t.ok(
    citations.some(({ start }) => start <= (boats?.end ?? 0) + 60),
    'it is still about the boats',
  )
  t.match(await ask(chatId, 'Thanks. And what happens after that?'), { abstained: false })
})

t.test('capital letters and a greeting change nothing of an answer', async t => {
  const { store, ask, newChat } = await openChats(t)
  const video = await addTalk(store, { passages: [PASSAGES.boats, PASSAGES.bread, PASSAGES.volcano] })
  const answer = async (question: string) => {
    const { text, abstained, citations } = await ask(await newChat([video.id]), question)
    return { text, abstained, at: citations.map(({ start }) => start) }
  }
  for (const question of [
    'Who is the captain?',
    'How is the fish sold?',
    'Why do farmers live near volcanoes?',
    'What is this about?',
    'What happens at 0:20?',
    'Where are sharks mentioned?',
    'Who won the football world cup?',
  ]) {
    const plain = await answer(question)
    t.strictSame(await answer(`Hi! ${question}`), plain, `Hi! ${question}`)
    const loud = await answer(question.toUpperCase())
    t.strictSame(
      { ...loud, text: loud.text.toLowerCase() },
      { ...plain, text: plain.text.toLowerCase() },
      question.toUpperCase(),
    )
  }
})

import { intentOf } from '@cuewire/server/domain/chat/intent.js'
import t from 'tap'

const CASES: readonly (readonly [question: string, intent: object])[] = [
  ['What is this about?', { kind: 'overview', style: 'summary' }],
  ['Summarise the video', { kind: 'overview', style: 'summary' }],
  ['tl;dr', { kind: 'overview' }],
  ['What are the key moments?', { kind: 'overview', style: 'moments' }],
  ['What topics are covered?', { kind: 'overview', style: 'moments' }],
  ['How long is this video?', { kind: 'duration' }],
  ['What is the second topic about?', { kind: 'chapter', place: 1 }],
  ['What happens at 2:30?', { kind: 'moment', time: { kind: 'at', at: 150 } }],
  ['what is said at 1:02:03', { kind: 'moment', time: { kind: 'at', at: 3723 } }],
  ['What happens at 90 seconds?', { kind: 'moment', time: { kind: 'at', at: 90 } }],
  ['What happens in the first minute?', { kind: 'moment', time: { kind: 'span', start: 0, end: 60 } }],
  ['What do we see between 0:10 and 0:20?', { kind: 'moment', time: { kind: 'span', start: 10, end: 20 } }],
  ['What happens at the end?', { kind: 'moment', time: { kind: 'end' } }],
  ['What does he say about yeast in the first minute?', { kind: 'fact', time: { kind: 'span', start: 0, end: 60 } }],
  ['What objects appear?', { kind: 'objects', labels: [], ask: 'list' }],
  ['What do you see?', { kind: 'objects', labels: [], ask: 'list' }],
  ['Show me', { kind: 'fact' }],
  ['Is there a dog?', { kind: 'objects', labels: ['dog'], ask: 'presence' }],
  ['When do we see a car?', { kind: 'objects', labels: ['car'], ask: 'when' }],
  ['How many people are there?', { kind: 'objects', labels: ['person'], ask: 'count' }],
  ['How many people died in the eruption?', { kind: 'fact', style: 'answer' }],
  ['When is the queen mentioned?', { kind: 'fact', style: 'when' }],
  ['When do the boats leave?', { kind: 'fact', style: 'answer' }],
  ['Where does this take place?', { kind: 'place' }],
  ['Is the video set indoors or outdoors?', { kind: 'place' }],
  ['What kind of places are shown?', { kind: 'place' }],
  ['Where does the wedding take place?', { kind: 'fact' }],
  ['Where was the volcano?', { kind: 'fact' }],
  ['and after that?', { kind: 'shift', direction: 'after' }],
  ['What happens next?', { kind: 'shift', direction: 'after' }],
  ['what comes before that?', { kind: 'shift', direction: 'before' }],
  ['What happens after the boats leave?', { kind: 'fact', beside: 'after' }],
  ['What happens to the dough after two hours?', { kind: 'fact' }],
  ['Who won the football world cup?', { kind: 'fact' }],
]

for (const [question, intent] of CASES)
  t.test(`"${question}" wants ${JSON.stringify(intent)}`, async t => {
    t.match(intentOf(question), intent)
  })

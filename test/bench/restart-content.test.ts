import { type Content, differences } from '@cuewire/bench/restart/content.js'
import t from 'tap'

const CONTENT: Content = {
  shots: [{ index: 0 }],
  detections: [],
  objects: [],
  tracks: [],
  scenes: [],
  text: [],
  audio: [],
  loudness: [],
  sounds: [],
  transcript: [],
  chapters: [],
  keywords: [],
  outline: [],
  summary: [],
}

t.test('content differs where an item is another, is missing, or is too many', async t => {
  t.same(differences(CONTENT, structuredClone(CONTENT)), [])
  t.match(differences(CONTENT, { ...CONTENT, shots: [{ index: 1 }] }), [
    { kind: 'shots', counts: [1, 1], first: [{ index: 0 }, { index: 1 }] },
  ])
  t.match(differences(CONTENT, { ...CONTENT, shots: [] }), [{ kind: 'shots', counts: [1, 0] }])
  t.match(differences(CONTENT, { ...CONTENT, chapters: [{}] }), [{ kind: 'chapters', counts: [0, 1] }])
})

import { type Content, differences } from '@cuewire/bench/restart/content.js'
import { KIND_NAMES } from '@cuewire/protocol'
import t from 'tap'

const CONTENT = {
  ...Object.fromEntries(KIND_NAMES.map(kind => [kind, []])),
  shots: [{ index: 0 }],
} as unknown as Content

t.test('content differs where an item is another, is missing, or is too many', async t => {
  t.same(differences(CONTENT, structuredClone(CONTENT)), [])
  t.match(differences(CONTENT, { ...CONTENT, shots: [{ index: 1 }] }), [
    { kind: 'shots', counts: [1, 1], first: [{ index: 0 }, { index: 1 }] },
  ])
  t.match(differences(CONTENT, { ...CONTENT, shots: [] }), [{ kind: 'shots', counts: [1, 0] }])
  t.match(differences(CONTENT, { ...CONTENT, chapters: [{}] }), [{ kind: 'chapters', counts: [0, 1] }])
})

import { type Content, differences } from '@cuewire/bench/restart/content.js'
import type { KindName } from '@cuewire/protocol'
import t from 'tap'

const CONTENT: Content = new Map([['shots', [{ index: 0 }]]])
const changed = (kind: KindName, items: readonly unknown[]): Content => new Map([...CONTENT, [kind, items]])

t.test('content differs where an item is another, is missing, or is too many', async t => {
  t.same(differences(CONTENT, structuredClone(CONTENT)), [])
  t.match(differences(CONTENT, changed('shots', [{ index: 1 }])), [
    { kind: 'shots', counts: [1, 1], first: [{ index: 0 }, { index: 1 }] },
  ])
  t.match(differences(CONTENT, changed('shots', [])), [{ kind: 'shots', counts: [1, 0] }])
  t.match(differences(CONTENT, changed('chapters', [{}])), [{ kind: 'chapters', counts: [0, 1] }])
})

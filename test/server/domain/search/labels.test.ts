import { COCO_LABELS, labelMentions } from '@cuewire/server/domain/search/labels.js'
import t from 'tap'

const CASES: readonly (readonly [text: string, labels: readonly string[]])[] = [
  ['Are there cars?', ['car']],
  ['the women and the children', ['person', 'person']],
  ['someone on a bike', ['person', 'bicycle']],
  ['a sofa, two glasses of wine and a tv', ['couch', 'tv']],
  ['knives and buses', ['knife', 'bus']],
  ['a hot dog', ['hot dog']],
  ['How many ships sank?', ['boat']],
  ['cutlery', ['fork', 'knife', 'spoon']],
  ['volcanoes', []],
]

for (const [text, labels] of CASES)
  t.test(`"${text}" names ${labels.join(', ') || 'no label'}`, async t => {
    t.same(
      labelMentions(text).flatMap(mention => mention.labels),
      labels,
    )
  })

t.test('there are the 80 labels of COCO, each found by its own name and its plural', async t => {
  t.equal(new Set(COCO_LABELS).size, 80)
  for (const label of COCO_LABELS) t.same(labelMentions(`the ${label}`)[0]?.labels, [label], label)
})

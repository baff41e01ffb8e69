import { lineText } from '@cuewire/server/models/onnx/text/line-text.js'
import t from 'tap'

t.test('letters that look alike are told apart by their neighbours', async t => {
  const cases = {
    'Guy APl girl': 'Guy API girl',
    'llll and Illinois': 'llll and Illinois',
    'all 1o0% of 1ox': 'all 100% of 10x',
    'video 4 of 12o': 'video 4 of 120',
    ' two  spaces ': 'two spaces',
    'full，width：forms': 'full, width:forms',
    '速度：10Ｏ': '速度：10Ｏ',
  }
  for (const [read, text] of Object.entries(cases)) t.equal(lineText([...read]), text)
})

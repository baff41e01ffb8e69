import { allStages, stagesFor } from '@cuewire/server/domain/processing/pipeline.js'
import t from 'tap'

t.test('a stage brings those that build on it, and the decode pass where it lives on that', async t => {
  t.strictSame(stagesFor(['objects']), ['decode', 'objects', 'chapters', 'timeline'])
  t.strictSame(stagesFor(['shots']), ['decode', 'shots', 'chapters', 'timeline'])
  t.strictSame(stagesFor(['transcript']), ['decode', 'transcript', 'chapters', 'timeline'])
  t.strictSame(stagesFor(['chapters']), ['chapters', 'timeline'])
  t.strictSame(stagesFor(['timeline']), ['timeline'])
  t.strictSame(stagesFor(['decode']), ['decode', 'shots', 'objects', 'transcript', 'chapters', 'timeline'])
  t.strictSame(stagesFor(['probe']), allStages())
})

import { diagnose } from '@cuewire/server/models/doctor.js'
import t from 'tap'
import { installedModels } from '../../support/models.js'
import { testFolder } from '../../support/test-folder.js'

t.test('the doctor runs every pack once and tells what it uses', async t => {
  const found = await diagnose({ dir: await installedModels(t) })
  t.match(found, [
    { state: 'works', pack: /^speech-moonshine-base@/, provider: 'cpu' },
    { state: 'works', pack: /^voice-activity-silero-v5@/, provider: 'cpu' },
    { state: 'works', pack: /^objects-centernet@/, provider: 'cpu' },
    { state: 'works', pack: /^sentences-use-lite@/, provider: 'cpu' },
    { state: 'works', pack: /^text-ppocr-v4@/, provider: 'cpu' },
  ])
  for (const diagnosis of found) t.ok(diagnosis.state === 'works' && diagnosis.runMs > 0 && diagnosis.loadMs > 0)
})

t.test('the doctor names the command for what is missing', async t => {
  const found = await diagnose({ dir: testFolder(t) })
  t.same(
    found.map(diagnosis => diagnosis.state === 'missing' && diagnosis.command),
    [
      'speech-moonshine-base',
      'voice-activity-silero-v5',
      'objects-centernet',
      'sentences-use-lite',
      'text-ppocr-v4',
    ].map(name => `npm run cuewire -- models pull ${name}`),
  )
})

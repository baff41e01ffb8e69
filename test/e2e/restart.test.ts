import { connect } from '@cuewire/client'
import { uploadFile } from '@cuewire/client/node'
import type { StageStatus } from '@cuewire/protocol'
import t from 'tap'
import { jobEnd } from '../support/job.js'
import { installedModels } from '../support/models.js'
import { spawnServer } from '../support/server-process.js'
import { LONG_SCRIPT, talkingClip } from '../support/talking-clip.js'
import { testFolder } from '../support/test-folder.js'

const countsOf = (stages: readonly StageStatus[]) =>
  Object.fromEntries(stages.flatMap(({ name, counts }) => (counts ? [[name, counts]] : [])))

t.test('a server killed in the middle of a job continues it and does nothing twice', async t => {
  const folder = testFolder(t)
  const { file } = await talkingClip(folder, LONG_SCRIPT)
  const environment = { CUEWIRE_MODELS_DIR: await installedModels(t) }

  const calm = await spawnServer(t, `${folder}/calm`, environment)
  const calmClient = await connect(calm.url)
  const reference = await jobEnd(calmClient, (await uploadFile(calmClient, file)).id)
  t.equal(reference.state, 'completed')
  await calmClient.close()
  await calm.terminate()

  const dataDir = `${folder}/killed`
  const first = await spawnServer(t, dataDir, environment)
  const client = await connect(first.url)
  const video = await uploadFile(client, file)
  for await (const event of client.subscribe(`visual/${video.id}`, { since: 0 })) {
    if (event.type === 'visual.objects') break
  }
  await first.kill()
  await client.close()

  const second = await spawnServer(t, dataDir, environment)
  const again = await connect(second.url)
  const job = await jobEnd(again, video.id)
  t.equal(job.state, 'completed')
  t.ok(job.attempt > 1, 'the job was claimed again')
  t.same(countsOf(job.stages)['objects'], countsOf(reference.stages)['objects'], 'as much as without a kill')
  await again.close()
  await second.terminate()
})

import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_PACKS } from '@cuewire/server/models/registry.js'
import { packDir } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { installedModels } from '../../support/models.js'
import { type Frame, RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'
import { testFolder } from '../../support/test-folder.js'

type Models = { readonly task: string; readonly state: string }[]

t.test('a model that is pulled, or removed, while the server runs shows in hello and server.info', async t => {
  const installed = await installedModels(t)
  const folder = testFolder(t, { data: {}, models: {} })
  const models = join(folder, 'models')
  const { port } = await startServer(t, { CUEWIRE_DATA_DIR: join(folder, 'data'), CUEWIRE_MODELS_DIR: models })
  const asked = await RawSocket.open(t, port)

  /** Waits until the running connection is told so, and gives what a new one is greeted with. */
  const stateOf = async (task: string, state: string) => {
    const find = ({ data }: Frame) => {
      const capabilities = data?.['capabilities'] as { readonly models: Models } | undefined
      return capabilities?.models.find(model => model.task === task)?.state
    }
    for (;;) {
      if (find(await asked.command('server.info')) === state) break
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    const [hello] = (await RawSocket.open(t, port)).frames
    return hello && find(hello)
  }

  t.equal(await stateOf('objects', 'missing'), 'missing')
  const pack = packDir(models, DEFAULT_PACKS.objects)
  await cp(packDir(installed, DEFAULT_PACKS.objects), pack, { recursive: true })
  t.equal(await stateOf('objects', 'ready'), 'ready')
  await rm(pack, { recursive: true })
  t.equal(await stateOf('objects', 'missing'), 'missing')
})

import { readFile } from 'node:fs/promises'
import { connect } from '@cuewire/client'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { copyOfHouse } from '../support/copy-of-house.js'
import { postCommand } from '../support/post-command.js'
import { spawnServer } from '../support/server-process.js'

const FIXTURE = 'test/fixtures/brightness'
const STAGES = 'server/src/domain/processing'

t.test('a kind file, a stage file and a line each in their tables make a new kind of content', async t => {
  const house = await copyOfHouse(t)
  await house.add('protocol/src/kinds/brightness.ts', `${FIXTURE}/kind.ts`)
  await house.edit('protocol/src/kinds/table.ts', 'import', "import { brightness } from './brightness.js'\nimport")
  await house.edit('protocol/src/kinds/table.ts', '  shots,', '  shots,\n  brightness,')
  await house.add(`${STAGES}/stages/brightness.ts`, `${FIXTURE}/stage.ts`)
  await house.edit(`${STAGES}/plan.ts`, 'import', "import { brightness } from './stages/brightness.js'\nimport")
  await house.edit(`${STAGES}/plan.ts`, '  shots,', '  shots,\n  brightness,')
  await house.build()

  const { make } = await clipMaker(t)
  const scene = (colour: string) => ['-f', 'lavfi', '-i', `color=${colour}:size=320x180:rate=25:duration=2`]
  const joined = ['-filter_complex', '[0][1][2]concat=n=3', '-c:v', 'libx264', '-pix_fmt', 'yuv420p']
  const clip = await make('scenes.mp4', [...scene('black'), ...scene('white'), ...scene('navy'), ...joined])

  const server = await spawnServer(t, `${house.root}/data`, { CUEWIRE_LOG_LEVEL: 'error' }, house.root)
  const client = await connect({ url: server.url })
  t.teardown(() => client.close())
  const { id } = await client.upload(await readFile(clip), { filename: 'scenes.mp4' })
  for await (const { type } of client.subscribe(`video/${id}`, { since: 0 })) {
    t.not(type, 'processing.failed')
    if (type === 'processing.completed') break
  }

  const post = async (name: string, params: object) => (await postCommand(server.port, name, { data: params })).body
  const counted = [
    { index: 0, start: 0, end: 2, frames: 4, bright: 0 },
    { index: 1, start: 2, end: 4, frames: 4, bright: 4 },
    { index: 2, start: 4, end: 6, frames: 4, bright: 0 },
  ]
  t.same(await post('brightness.get', { videoId: id }), { shots: counted }, 'it is stored and read')
  t.match(await post('timeline.get', { videoId: id, lanes: ['brightness'] }), {
    lanes: [{ name: 'brightness', items: [{ label: '0 bright frames' }, { label: '4 bright frames' }, {}] }],
  })
  t.match(await post('search.query', { query: 'sunlit picture' }), {
    hits: [{ videoId: id, start: 2, end: 4, why: [{ modality: 'brightness' }] }],
  })
  const told: unknown[] = []
  for await (const event of client.subscribe(`visual/${id}`, { since: 0 })) {
    const { type, data } = event as { readonly type: string; readonly data: { readonly shots?: unknown[] } }
    if (type === 'visual.brightness') told.push(...(data.shots ?? []))
    if (told.length === counted.length) break
  }
  t.same(told, counted, 'it is live, and kept in the log')
  const bundle = await (await fetch(`http://127.0.0.1:${server.port}/schema.json`)).text()
  t.match(bundle, /brightness\.get/, 'it is documented')
})

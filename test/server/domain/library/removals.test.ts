import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createVideos } from '@cuewire/server/domain/library/videos.js'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type Library, mediaBytes, openLibrary, pieces, TENANT } from '../../../support/library.js'
import { testFolder } from '../../../support/test-folder.js'

const CHILD = fileURLToPath(new URL('../../../support/remove-until-killed.js', import.meta.url))
const LIMITS = { uploadBytes: 1_000_000, openUploads: 100_000, expiryMs: 60_000 }
const never = () => new AbortController().signal

/** What is on disk of videos and uploads, by their ids. */
async function idsOnDisk(dataDir: string): Promise<string[]> {
  const list = (...path: string[]) => readdir(join(dataDir, ...path)).catch(() => [])
  const stills = (await list('stills')).map(name => name.split('.')[1] ?? '')
  const ids = [...(await list('tenants', TENANT, 'uploads')), ...(await list('tenants', TENANT, 'videos')), ...stills]
  return [...new Set(ids)].sort()
}

for (const what of ['video', 'upload'] as const) {
  t.test(`killed between the row of the ${what} and its files: the next start removes them`, async t => {
    const dataDir = testFolder(t)
    const child = spawn(process.execPath, [CHILD, dataDir, what], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    const [videoId] = await once(createInterface({ input: child.stdout }), 'line')
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.strictSame(await idsOnDisk(dataDir), [videoId])

    const library = await openLibrary(dataDir)
    t.teardown(() => library.close())
    t.strictSame([await library.store.videos.has(videoId), await library.store.uploads.has(videoId)], [false, false])
    await library.upkeep.recover()
    t.strictSame(await idsOnDisk(dataDir), [])
    t.strictSame(await library.server.upkeep.removals(10), [])
    t.strictSame(library.warnings, [])
  })
}

t.test('files that cannot be removed are tried again, and hold up no others', async t => {
  let stuck = true
  const library = await openLibrary(testFolder(t), ({ removeFiles }) => ({
    removeFiles: id => (stuck && ids.indexOf(id) < 150 ? Promise.reject(new Error('no permission')) : removeFiles(id)),
    limits: LIMITS,
  }))
  t.teardown(() => library.close())
  const { uploads, upkeep, server } = library
  const ids: string[] = []
  for (let i = 0; i < 250; i++) ids.push((await uploads.reserve({ filename: 'a.mp4', sizeBytes: 1 })).videoId)
  for (const id of ids) await library.store.uploads.remove(id)
  await upkeep.sweep()
  t.equal((await server.upkeep.removals(1000)).length, 150)
  t.strictSame(new Set(library.warnings), new Set(['removing the files of a video failed']))
  stuck = false
  await upkeep.sweep()
  t.strictSame(await server.upkeep.removals(1000), [])
})

/** A library whose removals of files fail while `dead`, as after a kill, and what can be done to it. */
async function mortalLibrary(t: Test) {
  const dataDir = testFolder(t)
  const state = { dead: false }
  const library: Library = await openLibrary(dataDir, ({ removeFiles }) => ({
    removeFiles: id => (state.dead ? Promise.reject(new Error('killed')) : removeFiles(id)),
    limits: LIMITS,
  }))
  t.teardown(() => library.close())
  const { store, blobs, stills, uploads, upkeep, clock, removeFiles } = library
  const videos = createVideos({
    ...{ store, blobs, removeFiles },
    processing: { stop: async () => undefined },
  })
  const reserve = async () => (await uploads.reserve({ filename: 'a.mp4', sizeBytes: 100 })).videoId
  const send = async (bytes: Buffer) => await uploads.append(await reserve(), 0, pieces(bytes), never())
  const newest = async () => (await store.videos.list({ limit: 1 })).items[0]
  const actions = {
    begin: () => send(mediaBytes(60)),
    finish: () => send(mediaBytes(100)),
    refuse: () => send(Buffer.alloc(100)),
    async abandon() {
      const [upload] = await library.server.upkeep.uploads()
      if (upload) await uploads.remove(upload.videoId)
    },
    async expire() {
      clock.now += 60_000
      await upkeep.sweep()
    },
    async remove() {
      const video = await newest()
      if (video) await videos.remove(video.id)
    },
    async look() {
      const video = await newest()
      if (video) await stills.picture({ blobs, video, at: 1 }, never())
    },
  }
  return { dataDir, library, state, actions }
}

t.test('whenever the server dies, nothing stays on disk but what has a row', async t => {
  const { dataDir, library, state, actions } = await mortalLibrary(t)
  const { store, server, upkeep } = library
  const names = Object.keys(actions) as (keyof typeof actions)[]
  const steps = fc.array(fc.record({ action: fc.constantFrom(...names), dead: fc.boolean() }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(steps, async steps => {
      for (const { action, dead } of steps) {
        state.dead = dead
        await actions[action]().catch(() => undefined)
      }
      state.dead = false
      await upkeep.recover()
      const rows = [
        ...(await server.upkeep.uploads()).map(({ videoId }) => videoId),
        ...(await store.videos.list({ limit: 100_000 })).items.map(({ id }) => id),
      ]
      t.strictSame(await idsOnDisk(dataDir), rows.sort())
      t.strictSame(await server.upkeep.removals(10), [])
    }),
    { numRuns: 50 },
  )
})

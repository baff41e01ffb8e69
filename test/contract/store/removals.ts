import type { Test } from 'tap'
import { aVideo, newId } from '../../support/entities.js'
import type { StoreFactory } from '../store.js'
import { anUpload } from './isolation/tenants.js'

/** What every store must do about files whose row is gone. */
export async function removalContract(t: Test, open: StoreFactory): Promise<void> {
  t.test('what is removed is noted until its files are gone, and noted once', async t => {
    const { videos, uploads, server, tenant } = await open(t)
    const { upkeep } = server
    const [video, upload] = [aVideo(), newId()]
    await videos.insert(video, undefined)
    await uploads.insert(anUpload('acme', upload))
    t.strictSame(await upkeep.removals(10), [])
    for (let i = 0; i < 2; i++) await videos.remove(video.id)
    for (let i = 0; i < 2; i++) await uploads.remove(upload)
    const removals = [video.id, upload].sort().map(videoId => ({ tenant, videoId }))
    t.strictSame(await upkeep.removals(10), removals)
    for (const removal of removals) await upkeep.filesRemoved(removal)
    t.strictSame(await upkeep.removals(10), [])
  })

  t.test('what stays is not noted', async t => {
    const { videos, uploads, server } = await open(t)
    const upload = newId()
    await uploads.insert(anUpload('acme', upload))
    t.equal(await videos.remove(newId()), false)
    t.equal(await uploads.remove(newId()), false)
    t.equal(await uploads.remove(upload, '2026-01-01T00:00:00.000Z'), false)
    await uploads.complete(aVideo({ id: upload }))
    t.strictSame(await server.upkeep.removals(10), [])
  })

  t.test('removals are read page by page, those of every tenant once', async t => {
    const { server } = await open(t)
    const made = []
    for (const tenant of ['acme', 'globex', 'acme', 'umbrella', 'acme']) {
      const video = aVideo()
      await server.for(tenant).videos.insert(video, undefined)
      await server.for(tenant).videos.remove(video.id)
      made.push(`${tenant}/${video.id}`)
    }
    const seen = []
    for (let page = await server.upkeep.removals(2); page.length > 0; ) {
      seen.push(...page.map(({ tenant, videoId }) => `${tenant}/${videoId}`))
      page = await server.upkeep.removals(2, page.at(-1))
    }
    t.strictSame(seen, made.sort())
  })
}

import type { StillCache, StillKey } from '@cuewire/server/storage/still-cache.js'
import t, { type Test } from 'tap'
import { newId } from '../support/entities.js'

/** Gives a test a way to open the same cache again and again, with room for so many bytes. */
export type StillCacheFactory = (t: Test) => (maxBytes: number) => StillCache

const jpeg = (fill: number) => Buffer.alloc(1000, fill)

/** What every implementation of the cache of stills must do. */
export function stillCacheContract(name: string, factory: StillCacheFactory): void {
  const openCache = async (test: Test, maxBytes = 1_000_000) => {
    const cache = factory(test)(maxBytes)
    await cache.open()
    return cache
  }

  t.test(`${name}: a picture is kept, replaced and there after a restart`, async test => {
    const open = factory(test)
    const key: StillKey = { tenant: 'acme', videoId: newId(), atMs: 1500 }
    const cache = open(1_000_000)
    await cache.open()
    test.equal(await cache.read(key), undefined)
    await cache.write(key, jpeg(1))
    await cache.write(key, jpeg(2))
    test.strictSame(await cache.read(key), jpeg(2))
    test.equal(await cache.read({ ...key, atMs: 1 }), undefined)
    test.equal(await cache.read({ ...key, track: 1 }), undefined, 'another track')
    await cache.write({ ...key, track: 1 }, jpeg(3))
    test.strictSame(await cache.read({ ...key, track: 1 }), jpeg(3))
    const again = open(1_000_000)
    await again.open()
    test.strictSame(await again.read(key), jpeg(2))
  })

  t.test(`${name}: the least recently used go when there is no room`, async test => {
    const cache = await openCache(test, 2500)
    const videoId = newId()
    const keyOf = (atMs: number): StillKey => ({ tenant: 'acme', videoId, atMs })
    await cache.write(keyOf(1), jpeg(1))
    await cache.write(keyOf(2), jpeg(2))
    await cache.read(keyOf(1))
    await cache.write(keyOf(3), jpeg(3))
    const kept = await Promise.all([1, 2, 3].map(async at => (await cache.read(keyOf(at)))?.[0]))
    test.strictSame(kept, [1, undefined, 3])
    await cache.write(keyOf(4), Buffer.alloc(2501))
    test.equal(await cache.read(keyOf(4)), undefined, 'what is larger than the room is not kept')
    test.ok(await cache.read(keyOf(3)), 'and takes no other with it')
  })

  t.test(`${name}: pictures belong to a tenant and a video, and go with it`, async test => {
    const cache = await openCache(test)
    const [one, two] = [newId(), newId()]
    const videos = [
      { tenant: 'acme', videoId: one },
      { tenant: 'acme', videoId: two },
      { tenant: 'acme-2', videoId: one },
    ]
    for (const [i, video] of videos.entries()) await cache.write({ ...video, atMs: 10 }, jpeg(i))
    const firsts = () => Promise.all(videos.map(async video => (await cache.read({ ...video, atMs: 10 }))?.[0]))
    test.strictSame(await firsts(), [0, 1, 2])
    await cache.removeAll({ tenant: 'acme', videoId: one })
    test.strictSame(await firsts(), [undefined, 1, 2])
  })

  t.test(`${name}: names that are no ids and no tenants are refused`, async test => {
    const cache = await openCache(test)
    for (const video of [
      { tenant: '..', videoId: newId() },
      { tenant: 'acme', videoId: '../../etc/passwd' },
      { tenant: 'acme', videoId: '' },
    ]) {
      const key = { ...video, atMs: 0 }
      await test.rejects(cache.read(key), { message: /^not an? / })
      await test.rejects(cache.write(key, jpeg(1)), { message: /^not an? / })
      await test.rejects(cache.removeAll(video), { message: /^not an? / })
    }
  })
}

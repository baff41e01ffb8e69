import { appendFile, readFile } from 'node:fs/promises'
import type { BlobKey, Blobs, OpenBlob, ServerBlobs } from '@cuewire/server/storage/blobs.js'
import t, { type Test } from 'tap'
import { newId } from '../support/entities.js'
import { putOriginal, putUpload } from '../support/put-blobs.js'

/** Opens empty blobs for a test, twice: as this process and as another one sees them. */
export type BlobsFactory = (t: Test) => readonly [ServerBlobs, ServerBlobs]

const KINDS = ['upload', 'original', 'poster'] as const
const HOSTILE = ['', '.', '..', '../../etc/passwd', '/etc/passwd', 'a\0b', `${newId()}/..`, newId().toLowerCase()]

async function textOf(blob: OpenBlob | undefined, start = 0, end = blob?.sizeBytes ?? 0): Promise<string | undefined> {
  if (!blob) return undefined
  const parts: Uint8Array[] = []
  for await (const part of blob.read({ start, end })) parts.push(part)
  return Buffer.concat(parts).toString()
}

/** All of a blob as text; undefined when there is none. */
async function read(blobs: Blobs, kind: BlobKey['kind'], id: string): Promise<string | undefined> {
  await using blob = await blobs.open({ kind, id })
  return await textOf(blob)
}

/** What every implementation of the blobs must do. */
export function blobsContract(name: string, open: BlobsFactory): void {
  const acme = (test: Test): Blobs => open(test)[0].for('acme')

  t.test(`${name}: an upload grows at its end, and becomes the original of its video`, async test => {
    const blobs = acme(test)
    const id = newId()
    test.equal(await blobs.size({ kind: 'upload', id }), undefined)
    await putUpload(blobs, id, 'har')
    test.equal(await blobs.size({ kind: 'upload', id }), 3)
    {
      await using appender = await blobs.append(id, 3)
      await appender.write(Buffer.from('bo'))
      await appender.write(Buffer.from('ur'))
      await appender.sync()
    }
    test.equal(await read(blobs, 'upload', id), 'harbour')
    await blobs.adopt(id)
    test.equal(await read(blobs, 'original', id), 'harbour')
    test.equal(await read(blobs, 'upload', id), undefined)
    test.strictSame(await blobs.uploads(), [])
  })

  t.test(`${name}: an upload is appended to at its end only`, async test => {
    const blobs = acme(test)
    const id = newId()
    await test.rejects(blobs.append(id, 1), /stands at 0, not at 1/)
    test.equal(await blobs.size({ kind: 'upload', id }), undefined)
    await putUpload(blobs, id, 'harbour')
    for (const offset of [0, 6, 8]) await test.rejects(blobs.append(id, offset), /stands at 7/)
    test.equal(await read(blobs, 'upload', id), 'harbour')
  })

  t.test(`${name}: what is not there is undefined, and cannot be adopted`, async test => {
    const blobs = acme(test)
    const id = newId()
    for (const kind of KINDS) {
      test.equal(await blobs.size({ kind, id }), undefined)
      test.equal(await blobs.open({ kind, id }), undefined)
      await test.rejects(blobs.lease({ kind, id }).then(({ path }) => readFile(path)))
    }
    await test.rejects(blobs.adopt(id))
    await test.resolves(blobs.removeAll(id))
  })

  t.test(`${name}: ranges are half-open, also of blobs of several pieces`, async test => {
    const blobs = acme(test)
    const id = newId()
    const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251))
    await putOriginal(blobs, id, bytes)
    await using blob = await blobs.open({ kind: 'original', id })
    if (!blob) throw new Error('there is no blob')
    test.equal(blob.sizeBytes, bytes.length)
    for (const [start, end] of [
      [0, 200_000],
      [0, 1],
      [199_999, 200_000],
      [65_000, 140_000],
      [7, 7],
    ] as const) {
      const parts: Uint8Array[] = []
      for await (const part of blob.read({ start, end })) parts.push(part)
      test.ok(Buffer.concat(parts).equals(bytes.subarray(start, end)), `${start} to ${end}`)
    }
    for await (const part of blob.read({ start: 0, end: 200_000 })) {
      test.ok(part.length < 200_000)
      break
    }
    test.equal(await textOf(blob, 65, 68), 'ABC', 'who stops early may read again')
  })

  t.test(`${name}: a poster is replaced as a whole, whoever reads or writes it at the same time`, async test => {
    const [blobs, others] = open(test).map(server => server.for('acme'))
    if (!blobs || !others) throw new Error('there are no blobs')
    const id = newId()
    await putOriginal(blobs, id, 'MEDIA')
    const [one, two] = ['1', '2'].map(digit => Buffer.from(digit.repeat(100_000)))
    if (!one || !two) throw new Error('there are no pictures')
    await blobs.write({ kind: 'poster', id }, one)
    await using before = await blobs.open({ kind: 'poster', id })
    const writes = Array.from({ length: 20 }, (_, i) =>
      (i % 2 ? blobs : others).write({ kind: 'poster', id }, i % 3 ? one : two),
    )
    const reads = Array.from({ length: 20 }, () => read(others, 'poster', id))
    for (const text of await Promise.all(reads)) test.match(text, /^(1{100000}|2{100000})$/)
    await Promise.all(writes)
    await blobs.write({ kind: 'poster', id }, two)
    test.equal(await read(others, 'poster', id), two.toString())
    test.equal(await textOf(before), one.toString(), 'who opened it before reads on')
    await using after = await blobs.open({ kind: 'poster', id })
    test.not(after?.version, before?.version)
  })

  t.test(`${name}: a lease is the blob as a local file`, async test => {
    const blobs = acme(test)
    const id = newId()
    await putOriginal(blobs, id, 'harbour')
    await using lease = await blobs.lease({ kind: 'original', id })
    await using again = await blobs.lease({ kind: 'original', id })
    for (const { path } of [lease, again]) test.equal(await readFile(path, 'utf8'), 'harbour')
  })

  t.test(`${name}: a scratch file is read while a program writes it`, async test => {
    const blobs = acme(test)
    const id = newId()
    await putOriginal(blobs, id, 'MEDIA')
    const sound = blobs.scratch({ kind: 'sound', id })
    test.equal(await sound.size(), undefined)
    await test.rejects(sound.open())
    await sound.create()
    await using reader = await sound.open()
    test.equal((await reader.read(0, 10)).length, 0)
    await appendFile(sound.path, 'harbour')
    test.equal((await reader.read(3, 10)).toString(), 'bour')
    test.equal((await reader.read(0, 3)).toString(), 'har')
    test.equal(await blobs.scratch({ kind: 'sound', id }).size(), 7)
    await sound.create()
    test.equal(await sound.size(), 0, 'creating it again empties it')
    await sound.remove()
    await sound.remove()
    test.equal(await sound.size(), undefined)
  })

  t.test(`${name}: all of an id goes at once, and nothing of a video that is gone comes back`, async test => {
    const blobs = acme(test)
    const [id, kept, upload] = [newId(), newId(), newId()]
    for (const videoId of [id, kept]) {
      await putOriginal(blobs, videoId, 'MEDIA')
      await blobs.write({ kind: 'poster', id: videoId }, Buffer.from('jpeg'))
      await blobs.scratch({ kind: 'sound', id: videoId }).create()
    }
    await putUpload(blobs, upload, 'MED')
    await blobs.removeAll(id)
    await blobs.removeAll(upload)
    for (const kind of KINDS) test.equal(await blobs.size({ kind, id }), undefined)
    test.equal(await blobs.scratch({ kind: 'sound', id }).size(), undefined)
    test.strictSame(await blobs.uploads(), [])
    test.strictSame([await read(blobs, 'original', kept), await read(blobs, 'poster', kept)], ['MEDIA', 'jpeg'])
    test.equal(await blobs.scratch({ kind: 'sound', id: kept }).size(), 0)

    await test.rejects(blobs.write({ kind: 'poster', id }, Buffer.from('jpeg')))
    await test.rejects(blobs.scratch({ kind: 'sound', id }).create())
    for (const kind of KINDS) test.equal(await blobs.size({ kind, id }), undefined)
  })

  t.test(`${name}: two tenants hold blobs of the same ids and see their own only`, async test => {
    const [server] = open(test)
    const tenants = ['acme', 'acme-2'].map(tenant => server.for(tenant))
    const [id, upload] = [newId(), newId()]
    for (const blobs of tenants) {
      await putOriginal(blobs, id, `original of ${blobs.tenant}`)
      await putUpload(blobs, upload, `upload of ${blobs.tenant}`)
      await blobs.write({ kind: 'poster', id }, Buffer.from(`poster of ${blobs.tenant}`))
      await blobs.scratch({ kind: 'sound', id }).create()
    }
    const [one, two] = tenants
    if (!one || !two) throw new Error('there are no tenants')
    for (const blobs of tenants) {
      test.equal(await read(blobs, 'original', id), `original of ${blobs.tenant}`)
      test.equal(await read(blobs, 'poster', id), `poster of ${blobs.tenant}`)
      test.strictSame(await blobs.uploads(), [{ id: upload, sizeBytes: `upload of ${blobs.tenant}`.length }])
      await using lease = await blobs.lease({ kind: 'original', id })
      test.equal(await readFile(lease.path, 'utf8'), `original of ${blobs.tenant}`)
    }
    await one.removeAll(id)
    await one.removeAll(upload)
    test.strictSame(await one.uploads(), [])
    for (const kind of ['original', 'poster'] as const) test.equal(await read(two, kind, id), `${kind} of acme-2`)
    test.equal(await read(two, 'upload', upload), 'upload of acme-2')
    test.equal(await two.scratch({ kind: 'sound', id }).size(), 0)
    test.strictSame(await server.for('globex').uploads(), [], 'another has nothing')
  })

  t.test(`${name}: names that are no ids and no tenants are refused before anything is touched`, async test => {
    const [server] = open(test)
    for (const tenant of ['', '.', '..', 'a/b', '../acme', 'Acme', 'a\0b', 'a'.repeat(64)]) {
      test.throws(() => server.for(tenant), /not a name of a tenant/, JSON.stringify(tenant))
    }
    const blobs = server.for('acme')
    const refused = { message: /not an id/ }
    for (const id of HOSTILE) {
      for (const kind of KINDS) {
        await test.rejects(blobs.size({ kind, id }), refused)
        await test.rejects(blobs.open({ kind, id }), refused)
        await test.rejects(blobs.lease({ kind, id }), refused)
      }
      await test.rejects(blobs.append(id, 0), refused)
      await test.rejects(blobs.adopt(id), refused)
      await test.rejects(blobs.write({ kind: 'poster', id }, Buffer.of(1)), refused)
      await test.rejects(blobs.removeAll(id), refused)
      test.throws(() => blobs.scratch({ kind: 'sound', id }), refused)
    }
  })

  t.test(`${name}: it says how much room is left`, async test => {
    test.ok((await acme(test).freeBytes()) > 0)
  })
}

import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AudioSpool } from '@cuewire/server/domain/processing/audio-spool.js'
import { scratchFile } from '@cuewire/server/storage/folder/scratch-file.js'
import t from 'tap'
import { testFolder } from '../../../support/test-folder.js'

/** Samples that count up from `first`. */
function samples(first: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * 2)
  for (let i = 0; i < count; i += 1) bytes.writeInt16LE((first + i) % 30_000, i * 2)
  return bytes
}

t.test('follows a file while it grows, to its end and no sample more or less', async t => {
  const path = join(testFolder(t), 'audio.s16le')
  await writeFile(path, samples(0, 1000))
  let whole = false
  const spool = await AudioSpool.open(scratchFile(path), () => whole)
  t.teardown(() => spool.close())
  const heard: number[] = []
  for await (const chunk of spool.follow(new AbortController().signal)) {
    const first = heard.length === 0
    heard.push(...[...chunk].map(sample => Math.round(sample * 32_768)))
    if (first) {
      setTimeout(async () => {
        await appendFile(path, samples(1000, 70_000))
        whole = true
      }, 120)
    }
  }
  t.equal(heard.length, 71_000)
  t.ok(heard.every((sample, index) => sample === index % 30_000))
})

t.test('half a sample at the end of what is written so far is waited for', async t => {
  const path = join(testFolder(t), 'audio.s16le')
  const bytes = samples(0, 10)
  await writeFile(path, bytes.subarray(0, 9))
  let whole = false
  const spool = await AudioSpool.open(scratchFile(path), () => whole)
  t.teardown(() => spool.close())
  const lengths: number[] = []
  for await (const chunk of spool.follow(new AbortController().signal)) {
    lengths.push(chunk.length)
    if (lengths.length === 1) {
      await appendFile(path, bytes.subarray(9))
      whole = true
    }
  }
  t.strictSame(lengths, [4, 6])
})

t.test('gives the samples of a span', async t => {
  const path = join(testFolder(t), 'audio.s16le')
  await writeFile(path, samples(0, 16_000))
  const spool = await AudioSpool.open(scratchFile(path), () => true)
  t.teardown(() => spool.close())
  const span = await spool.span({ start: 0.25, end: 0.5 })
  t.equal(span.length, 4000)
  t.equal(Math.round((span[0] ?? 0) * 32_768), 4000)
})

t.test('waiting for more ends with the signal', async t => {
  const path = join(testFolder(t), 'audio.s16le')
  await writeFile(path, '')
  const spool = await AudioSpool.open(scratchFile(path), () => false)
  t.teardown(() => spool.close())
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 20)
  const follow = async () => {
    for await (const chunk of spool.follow(controller.signal)) t.fail(`${chunk.length} samples of nothing`)
  }
  await t.rejects(follow())
})

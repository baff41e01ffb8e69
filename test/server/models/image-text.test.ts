import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import { diagnose } from '@cuewire/server/models/doctor.js'
import type { ImageTextEncoder } from '@cuewire/server/models/models.js'
import { ImageText } from '@cuewire/server/models/onnx/image-text.js'
import { imageTextConse } from '@cuewire/server/models/packs/image-text-conse.js'
import { pullPacks } from '@cuewire/server/models/pull/pull.js'
import { checkPack } from '@cuewire/server/models/verify.js'
import t from 'tap'
import { modelsWithOnly } from '../../support/audio-models.js'
import { tinyClipFiles } from '../../support/clip-files.js'
import { decodePicture } from '../../support/decode.js'
import { FakeHub } from '../../support/hub.js'
import { sharedMedia, sharedModel } from '../../support/shared-media.js'
import { testFolder } from '../../support/test-folder.js'

const conse = sharedModel('image-text-conse')
const { skip } = conse

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)

const encodeFile = async (encoder: ImageTextEncoder, path: string) =>
  encoder.encodeImage(await decodePicture(path, encoder.input))

t.test('a picture is nearer to the text that describes it than to others', { skip }, async t => {
  const encoder = await (await modelsWithOnly(imageTextConse, testFolder(t), t)).imageText()
  t.equal(encoder.pack, 'image-text-conse@1.0.0')
  const sheep = await encodeFile(encoder, photographFile(PHOTOGRAPHS['sheep in a field']))
  const alps = await encodeFile(encoder, photographFile(PHOTOGRAPHS.alps))
  const texts = { sheep: await encoder.encodeText('Some SHEEP'), alps: await encoder.encodeText('mountain and valley') }
  for (const vector of [sheep, alps, ...Object.values(texts)]) t.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5)
  t.ok(cosine(sheep, texts.sheep) > cosine(sheep, texts.alps) + 0.1)
  t.ok(cosine(alps, texts.alps) > cosine(alps, texts.sheep) + 0.1)
  t.ok(
    (await encoder.encodeText('zzqx')).every(value => value === 0),
    'no word of the text is known',
  )
  t.ok((await encoder.encodeText('')).every(value => value === 0))
  const small = { width: 100, height: 100, data: new Uint8Array(30_000) }
  await t.rejects(encoder.encodeImage(small), { name: 'RangeError' })
  await t.rejects(encoder.encodeText('a dog', AbortSignal.abort(new Error('enough'))), { message: 'enough' })

  const media = sharedMedia('images/dog.jpg', 'images/chelsea.png')
  t.test('and so are shared ones', { skip: media.skip }, async t => {
    const [dog = '', cat = ''] = media.paths
    const dogs = await encodeFile(encoder, dog)
    const cats = await encodeFile(encoder, cat)
    const [aDog, aCat] = [await encoder.encodeText('a photo of a dog'), await encoder.encodeText('a photo of a cat')]
    t.ok(cosine(dogs, aDog) > cosine(dogs, aCat) && cosine(cats, aCat) > cosine(cats, aDog))
  })
})

t.test('the encoder comes from a hub, and doctor runs it', { skip }, async t => {
  const files = imageTextConse.files.map(async ({ path }) => {
    const content = await readFile(join(conse.folder, imageTextConse.name, path))
    return { path, content, lfs: path.endsWith('.onnx') }
  })
  const hub = await FakeHub.open(t, await Promise.all(files), imageTextConse.source.hub)
  const dir = testFolder(t)
  await pullPacks([imageTextConse], { dir, hub: { url: hub.url, token: '' } })
  t.match(await checkPack(dir, imageTextConse), { state: 'ready' })
  const found = (await diagnose({ dir })).find(({ pack }) => pack === 'image-text-conse@1.0.0')
  t.match(found, { state: 'works', provider: 'cpu' })
})

t.test('CLIP gets a picture in the colours of its training, and byte pairs between markers', async t => {
  const dir = testFolder(t)
  for (const { path, content } of tinyClipFiles()) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  const clip = ImageText.open(dir, 'clip')
  t.teardown(() => clip.release())
  // Red, with a blue quarter at the bottom.
  const size = 224 * 224
  const data = new Uint8Array(size * 3)
  for (let pixel = 0; pixel < size; pixel += 1) data[pixel * 3 + (pixel < size * 0.75 ? 0 : 2)] = 255
  const seen = await clip.encodeImage({ width: 224, height: 224, data })
  const means = [(0.75 - 0.48145466) / 0.26862954, -0.4578275 / 0.26130258, (0.25 - 0.40821073) / 0.27577711]
  const length = Math.hypot(...means)
  for (const [at, mean] of means.entries()) t.ok(Math.abs((seen[at] ?? 0) - mean / length) < 1e-4)

  const expected = async (text: string, ids: readonly number[]) => {
    const numbers = [ids.reduce((sum, id) => sum + id, 0), Math.max(...ids), ids.at(-1) ?? 0]
    const vector = await clip.encodeText(text)
    for (const [at, value] of numbers.entries())
      t.ok(Math.abs((vector[at] ?? 0) - value / Math.hypot(...numbers)) < 1e-5, `${text.slice(0, 20)} ${at}`)
  }
  await expected('A  boat', [12, 7, 10, 13])
  await expected('Boats', [12, 8, 2, 3, 6, 13])
  await expected('', [12, 13])
  await expected('boat '.repeat(400), [12, ...Array.from({ length: 75 }, () => 10), 13])
})

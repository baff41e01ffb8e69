import { onnxNode } from '@cuewire/server/models/convert/onnx-graph.js'
import { ELEMENT, encodeModel } from '@cuewire/server/models/convert/onnx-schema.js'
import { withSignedWeights } from '@cuewire/server/models/convert/signed-weights.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import t from 'tap'

const INPUT = Uint8Array.from([0, 1, 200, 255, 128, 127])

/** x [2, 3] times a weight [3, 2] of bytes, with a zero point stored as ONNX Runtime stores it or as raw bytes. */
function model(zeroPoint: { readonly rawData?: Uint8Array; readonly int32Data?: readonly number[] }): Uint8Array {
  const tensor = { rawData: new Uint8Array(), dims: [], dataType: ELEMENT.uint8 }
  return encodeModel({
    producer: 'test',
    opsets: { '': 17 },
    graphName: 'product',
    nodes: [onnxNode('MatMulInteger', { input: ['x', 'w', 'xz', 'wz'], output: ['y'] })],
    initializers: [
      { ...tensor, name: 'w', dims: [3, 2], rawData: Uint8Array.of(0, 255, 128, 127, 3, 250) },
      { ...tensor, name: 'xz', rawData: Uint8Array.of(9) },
      { ...tensor, name: 'wz', ...zeroPoint },
    ],
    inputs: [{ name: 'x', element: ELEMENT.uint8, dims: [2, 3] }],
    outputs: [{ name: 'y', element: ELEMENT.int32, dims: [2, 2] }],
  })
}

async function product(file: Uint8Array): Promise<number[]> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 })
  const { y } = await session.run({ x: new Tensor('uint8', INPUT, [2, 3]) })
  await session.release()
  return Array.from(y?.data as Int32Array)
}

for (const [how, zeroPoint] of [
  ['raw', { rawData: Uint8Array.of(130) }],
  ['as integers', { int32Data: [130] }],
] as const) {
  t.test(`signed weights multiply the same, the zero point stored ${how}`, async t => {
    const before = model(zeroPoint)
    const after = withSignedWeights(before)
    t.notSame(after, before)
    t.same(await product(after), await product(before))
    t.same(withSignedWeights(after), after, 'signed ones are left alone')
  })
}

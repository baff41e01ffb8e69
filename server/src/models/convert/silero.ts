import { OnnxGraph } from './onnx-graph.js'
import { ELEMENT, encodeModel } from './onnx-schema.js'
import { StoredWeights } from './stored-weights.js'

/** Where the published file, which holds one model for 8 and one for 16 kHz, keeps the weights of the latter. */
const PREFIX = 'If_0_then_branch__Inline_0__'
/** Sizes of Silero VAD v5 at 16 kHz: samples of a chunk with its context, and of the window of its Fourier transform. */
const CHUNK = 576
const PADDING = 64
const WINDOW = 256
const HOP = 128
const BINS = WINDOW / 2 + 1
const WIDTH = 128
/** Inputs, outputs and stride of the convolutions after it. */
const CONVOLUTIONS = [
  [BINS, 128, 1],
  [128, 64, 2],
  [64, 64, 2],
  [64, WIDTH, 1],
] as const

/**
 * The voice activity model for many chunks at once, in order: chunks, f32 [n, 576], and the state after the chunk before,
 * f32 [2, 1, 128], give probabilities, f32 [n, 1], and the next state. The published file takes one chunk a run, and most
 * of the time of a run is not spent on arithmetic; only the LSTM has to go from chunk to chunk, and ONNX's does.
 */
export function buildVadModel(published: Uint8Array): Uint8Array {
  const weights = StoredWeights.read(published)
  const graph = new OnnxGraph()
  const constant = (name: string, dims: readonly number[]) => {
    return graph.constant(ELEMENT.float, dims, weights.floats(PREFIX + name))
  }

  const padded = graph.add('Pad', ['chunks', graph.int64([0, 0, 0, PADDING])], { mode: 'reflect' })
  const sound = graph.add('Reshape', [padded, graph.int64([-1, 1, CHUNK + PADDING])])
  const basis = constant('stft.forward_basis_buffer', [2 * BINS, 1, WINDOW])
  const [real, imaginary] = graph.addPair(
    'Split',
    [graph.add('Conv', [sound, basis], { strides: [HOP] }), graph.int64([BINS, BINS])],
    { axis: 1 },
  )
  const power = graph.add('Add', [graph.add('Mul', [real, real]), graph.add('Mul', [imaginary, imaginary])])
  let features = graph.add('Sqrt', [power])
  CONVOLUTIONS.forEach(([inputs, outputs, stride], index) => {
    const weight = constant(`encoder.${index}.reparam_conv.weight`, [outputs, inputs, 3])
    const bias = constant(`encoder.${index}.reparam_conv.bias`, [outputs])
    const convolved = graph.add('Conv', [features, weight, bias], { strides: [stride], pads: [1, 1] })
    features = graph.add('Relu', [convolved])
  })

  const sequence = graph.add('Reshape', [features, graph.int64([-1, 1, WIDTH])])
  const [hidden, cell] = graph.addPair('Split', ['state', graph.int64([1, 1])], { axis: 0 })
  const gates = (name: string, columns: number) => inOnnxOrder(weights.floats(`${PREFIX}decoder.rnn.${name}`), columns)
  const lstm = [
    graph.constant(ELEMENT.float, [1, 4 * WIDTH, WIDTH], gates('weight_ih', WIDTH)),
    graph.constant(ELEMENT.float, [1, 4 * WIDTH, WIDTH], gates('weight_hh', WIDTH)),
    graph.constant(ELEMENT.float, [1, 8 * WIDTH], Float32Array.of(...gates('bias_ih', 1), ...gates('bias_hh', 1))),
  ]
  graph.addNamed(
    'LSTM',
    { input: [sequence, ...lstm, '', hidden, cell], output: ['lstm', 'lstm_hidden', 'lstm_cell'] },
    { hidden_size: WIDTH },
  )
  graph.addNamed('Concat', { input: ['lstm_hidden', 'lstm_cell'], output: ['next_state'] }, { axis: 0 })
  const opened = graph.add('Relu', [graph.add('Reshape', ['lstm', graph.int64([-1, WIDTH])])])
  const score = graph.add('MatMul', [opened, constant('decoder.decoder.2.weight', [WIDTH, 1])])
  const biased = graph.add('Add', [score, constant('decoder.decoder.2.bias', [1])])
  graph.addNamed('Sigmoid', { input: [biased], output: ['probabilities'] })

  const state = { element: ELEMENT.float, dims: [2, 1, WIDTH] }
  return encodeModel({
    producer: 'cuewire',
    opsets: { '': 17 },
    graphName: 'silero-vad',
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [
      { name: 'chunks', element: ELEMENT.float, dims: ['chunks', CHUNK] },
      { name: 'state', ...state },
    ],
    outputs: [
      { name: 'probabilities', element: ELEMENT.float, dims: ['chunks', 1] },
      { name: 'next_state', ...state },
    ],
  })
}

/** Gates as PyTorch stores them (input, forget, cell, output) in the order of ONNX's LSTM (input, output, forget, cell). */
function inOnnxOrder(gates: Float32Array, columns: number): Float32Array {
  const size = WIDTH * columns
  const ordered = new Float32Array(gates.length)
  for (const [index, gate] of [0, 3, 1, 2].entries()) {
    ordered.set(gates.subarray(gate * size, (gate + 1) * size), index * size)
  }
  return ordered
}

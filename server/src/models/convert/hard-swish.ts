import { onnxNode } from './onnx-graph.js'
import { ELEMENT, type OnnxNode, type OnnxTensor } from './onnx-schema.js'

interface Graph {
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly OnnxTensor[]
}

/**
 * Replaces `(x * 1/6) * relu6(x + 3)`, which TensorFlow writes for h-swish (Howard et al., "Searching for MobileNetV3",
 * section 5.2), by `x * HardSigmoid(x)`. ONNX Runtime keeps these two in the blocked layout of its convolutions; the long
 * form made it lay the tensors out anew around each of them, a third of the detector's time. Where the file's 1/6 is a
 * rounded half, the gate of a large x is 1 in place of 0.9998.
 */
export function withHardSigmoid({ nodes, initializers }: Graph, outputs: readonly string[]): Graph {
  const scalars = new Map(initializers.filter(isScalar).map(tensor => [tensor.name, scalarOf(tensor)]))
  const makers = new Map(nodes.flatMap(node => node.output.map(name => [name, node] as const)))
  const replaced = nodes.flatMap(node => {
    const found = hardSwish(node, makers, scalars)
    if (!found) return [node]
    const { x, factor } = found
    const gate = `${node.output[0]}_gate`
    return [
      onnxNode(
        'HardSigmoid',
        { input: [x], output: [gate] },
        { alpha: { float: factor }, beta: { float: 3 * factor } },
      ),
      onnxNode('Mul', { input: [x, gate], output: node.output }),
    ]
  })
  return withoutUnused({ nodes: replaced, initializers }, outputs)
}

function isScalar({ dataType, dims }: OnnxTensor): boolean {
  return dataType === ELEMENT.float && dims.length === 0
}

function scalarOf({ rawData }: OnnxTensor): number {
  return new DataView(rawData.buffer, rawData.byteOffset).getFloat32(0, true)
}

function hardSwish(
  node: OnnxNode,
  makers: ReadonlyMap<string, OnnxNode>,
  scalars: ReadonlyMap<string, number>,
): { readonly x: string; readonly factor: number } | undefined {
  const maker = (name: string | undefined, opType: string) => {
    const found = makers.get(name ?? '')
    return found?.opType === opType ? found : undefined
  }
  if (node.opType !== 'Mul') return undefined
  const [sixth, clip] = [maker(node.input[0], 'Mul'), maker(node.input[1], 'Clip')]
  const sum = maker(clip?.input[0], 'Add')
  const x = sum?.input[0]
  if (!sixth || !clip || !sum || x === undefined || !sixth.input.includes(x)) return undefined
  const factor = scalars.get(sixth.input.find(name => name !== x) ?? '')
  // The constants are halves in the file, where 1/6 is a little less.
  if (factor === undefined || Math.abs(factor - 1 / 6) > 1e-4) return undefined
  const isRelu6 = scalars.get(clip.input[1] ?? '') === 0 && scalars.get(clip.input[2] ?? '') === 6
  return isRelu6 && scalars.get(sum.input[1] ?? '') === 3 ? { x, factor } : undefined
}

/** What the outputs are computed from. */
function withoutUnused({ nodes, initializers }: Graph, outputs: readonly string[]): Graph {
  const needed = new Set(outputs)
  const kept = nodes.toReversed().filter(node => {
    if (!node.output.some(name => needed.has(name))) return false
    for (const name of node.input) needed.add(name)
    return true
  })
  return { nodes: kept.toReversed(), initializers: initializers.filter(({ name }) => needed.has(name)) }
}

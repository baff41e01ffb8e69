import type { WeightEntry } from './graph-json.js'
import { ELEMENT, type Element } from './onnx-schema.js'

/** A weight of the graph, decoded. */
export interface Weight {
  readonly name: string
  readonly shape: readonly number[]
  readonly element: Element
  readonly data: Float32Array | Int32Array
}

/** An IEEE 754 half as a number; exact. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function readStored(entry: WeightEntry): { readonly bytes: number; read(view: DataView, at: number): number } {
  const stored = entry.quantization?.dtype ?? entry.dtype
  if (entry.dtype === 'float32' && stored === 'float16') {
    return { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) }
  }
  if (stored === entry.dtype && stored === 'float32') {
    return { bytes: 4, read: (view, at) => view.getFloat32(at, true) }
  }
  if (stored === entry.dtype && stored === 'int32') return { bytes: 4, read: (view, at) => view.getInt32(at, true) }
  throw new Error(`the converter cannot read weight ${entry.name}: ${entry.dtype} stored as ${stored}`)
}

/** Decodes the weights file of a TensorFlow.js graph model: little-endian values one after the other. */
export function decodeWeights(entries: readonly WeightEntry[], file: Uint8Array): Map<string, Weight> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const weights = new Map<string, Weight>()
  let offset = 0
  for (const entry of entries) {
    const { bytes, read } = readStored(entry)
    const length = entry.shape.reduce((product, size) => product * size, 1)
    if (offset + length * bytes > file.byteLength) throw new Error(`the weights file ends within ${entry.name}`)
    const data = entry.dtype === 'int32' ? new Int32Array(length) : new Float32Array(length)
    for (let index = 0; index < length; index += 1) data[index] = read(view, offset + index * bytes)
    offset += length * bytes
    const element = entry.dtype === 'int32' ? ELEMENT.int32 : ELEMENT.float
    weights.set(entry.name, { name: entry.name, shape: entry.shape, element, data })
  }
  if (offset !== file.byteLength) throw new Error(`the weights file has ${file.byteLength - offset} bytes too many`)
  return weights
}

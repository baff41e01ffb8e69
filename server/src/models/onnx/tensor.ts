import { Tensor } from 'onnxruntime-node'

interface Read<T> {
  readonly tensor: Tensor
  readonly data: T
  readonly dims: readonly number[]
}

/** The output of this name, which must be of float32; throws where the model gave something else. */
export function floatTensor(outputs: Readonly<Record<string, unknown>>, name: string): Read<Float32Array> {
  const tensor = outputs[name]
  if (!(tensor instanceof Tensor) || !(tensor.data instanceof Float32Array)) {
    throw new Error(`the model gave no float32 output ${name}`)
  }
  return { tensor, data: tensor.data, dims: tensor.dims }
}

/** The output of this name, which must be of int64; throws where the model gave something else. */
export function int64Tensor(outputs: Readonly<Record<string, unknown>>, name: string): Read<BigInt64Array> {
  const tensor = outputs[name]
  if (!(tensor instanceof Tensor) || !(tensor.data instanceof BigInt64Array)) {
    throw new Error(`the model gave no int64 output ${name}`)
  }
  return { tensor, data: tensor.data, dims: tensor.dims }
}

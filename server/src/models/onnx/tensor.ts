import { Tensor } from 'onnxruntime-node'

/** The output of this name, which must be of float32; throws where the model gave something else. */
export function floatTensor(
  outputs: Readonly<Record<string, unknown>>,
  name: string,
): { readonly tensor: Tensor; readonly data: Float32Array; readonly dims: readonly number[] } {
  const tensor = outputs[name]
  if (!(tensor instanceof Tensor) || !(tensor.data instanceof Float32Array)) {
    throw new Error(`the model gave no float32 output ${name}`)
  }
  return { tensor, data: tensor.data, dims: tensor.dims }
}

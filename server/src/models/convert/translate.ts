import type { TfOperation } from './tf-operation.js'

/** Adds the ONNX nodes of one TensorFlow operation and returns the names of its outputs. */
export type Translate = (operation: TfOperation) => readonly string[]

/** An operation that ONNX has with the same inputs, under this name. */
export const same =
  (opType: string): Translate =>
  operation => [
    operation.graph.add(
      opType,
      operation.inputs.map((_, index) => operation.input(index)),
    ),
  ]

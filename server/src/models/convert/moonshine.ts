import { buildCrossModel } from './moonshine-cross.js'
import { buildStepModel } from './moonshine-step.js'
import { withSignedWeights } from './signed-weights.js'
import { StoredWeights } from './stored-weights.js'

/** Makes the files of the speech pack, by name, of the published quantized encoder and merged decoder. */
export function buildMoonshine(published: {
  readonly encoder: Uint8Array
  readonly decoder: Uint8Array
}): ReadonlyMap<string, Uint8Array> {
  const weights = StoredWeights.read(published.decoder)
  return new Map([
    ['encoder.onnx', withSignedWeights(published.encoder)],
    ['cross.onnx', buildCrossModel(weights)],
    ['step.onnx', buildStepModel(weights)],
  ])
}

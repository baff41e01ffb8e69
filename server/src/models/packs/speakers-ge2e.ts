import type { HubPack } from '../pack.js'

/**
 * Tried here: an ONNX file of these weights of 6,371,001 bytes, from a folder and from a local server laid out as a hub. We know of
 * no public repository with a file of this interface, which has the mel front end in the graph: the name below is where
 * one would be published, so the pack is not among the recommended ones.
 */
export const speakersGe2e: HubPack = {
  name: 'speakers-ge2e',
  version: '1.0.0',
  task: 'speakers',
  runtime: 'ge2e',
  description: 'Resemblyzer (GE2E): voices to vectors of 256 numbers',
  licence: 'Apache-2.0',
  input: 'samples f32[windows,25600]: 1.6 s at 16 kHz, raised to -30 dBFS where quieter',
  output: 'embedding f32[windows,256], of length 1',
  source: { hub: 'cuewire/speakers-ge2e', revision: 'main', published: false },
  files: [{ path: 'speaker_encoder.onnx' }],
}

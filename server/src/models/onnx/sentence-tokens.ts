import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

/** Splits a text into the numbers of its tokens; a text without any has none. */
export type Tokens = (text: string) => number[]

/** Score of a piece that must never be chosen: far below that of an unknown character. */
const NEVER = -1e4
const UNKNOWN = 0
/** The first pieces are markers. */
const MARKERS = 6

const Vocabulary = Type.Array(Type.Tuple([Type.String(), Type.Union([Type.Number(), Type.Null()])]), {
  maxItems: 100_000,
})
const WordPiece = Type.Object({ model: Type.Object({ type: Type.Literal('WordPiece') }) })
const BytePair = Type.Object({ model: Type.Object({ type: Type.Literal('BPE') }) })
const WordLevel = Type.Object({
  model: Type.Object({
    type: Type.Literal('WordLevel'),
    vocab: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
    unk_token: Type.String(),
  }),
})

/**
 * SentencePiece's unigram model (Kudo, "Subword Regularization", 2018) over the `vocab.json` of Universal Sentence
 * Encoder lite: the likeliest pieces of the NFKC text. Pieces without a score are not used.
 */
export async function unigramTokens(dir: string): Promise<Tokens> {
  const vocabulary = await readJson(join(dir, 'vocab.json'))
  if (!Value.Check(Vocabulary, vocabulary)) throw new Error('vocab.json is not a list of pieces and their scores')
  const vocab = vocabulary.map(([piece, score], at) => [piece, at < MARKERS || score === null ? NEVER : score])
  return tokensOf({
    added_tokens: [],
    normalizer: { type: 'NFKC' },
    pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: 'always' },
    model: { type: 'Unigram', unk_id: UNKNOWN, vocab },
    post_processor: null,
    decoder: null,
  })
}

/** BERT's WordPiece, as the `tokenizer.json` of a pack describes it, with its start and end markers. */
export async function wordPieceTokens(dir: string): Promise<Tokens> {
  return tokensOf(await readTokenizer(dir, WordPiece))
}

/** The byte-pair encoding of CLIP, as the `tokenizer.json` of a pack describes it, with its start and end markers. */
export async function bytePairTokens(dir: string): Promise<Tokens> {
  return tokensOf(await readTokenizer(dir, BytePair))
}

/** Whole words, as the `tokenizer.json` of a pack lists them. Words that are not listed share one token. */
export async function wordTokens(dir: string): Promise<Tokens> {
  const json = await readTokenizer(dir, WordLevel)
  const { vocab, unk_token } = json.model
  // The library has no WordLevel. WordPiece is the same where no word can be continued.
  const model = { type: 'WordPiece', vocab, unk_token, continuing_subword_prefix: '##', max_input_chars_per_word: 100 }
  return tokensOf({ ...json, model })
}

async function readTokenizer<S extends TSchema>(dir: string, schema: S): Promise<Static<S> & object> {
  const json = await readJson(join(dir, 'tokenizer.json'))
  const fault = Value.Errors(schema, json).First()
  if (fault) throw new Error(`tokenizer.json is not of the expected type, at ${fault.path || '/'}: ${fault.message}`)
  return json as Static<S> & object
}

function tokensOf(json: object): Tokens {
  const tokenizer = new Tokenizer(json, {})
  return text => tokenizer.encode(text).ids
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { Type } from '@sinclair/typebox'
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
const TokenizerJson = Type.Object({ model: Type.Object({ type: Type.Literal('WordPiece') }) })

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
  const json = await readJson(join(dir, 'tokenizer.json'))
  if (!Value.Check(TokenizerJson, json)) throw new Error('tokenizer.json does not describe a WordPiece tokenizer')
  return tokensOf(json)
}

function tokensOf(json: object): Tokens {
  const tokenizer = new Tokenizer(json, {})
  return text => tokenizer.encode(text).ids
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { collectYoung } from '../collect-young.js'
import { CROSS_ATTENTIONS, cacheNames, HEAD_SIZE, HEADS, LAYERS } from '../convert/moonshine-shape.js'
import { keepRows, stackPadded } from './batch-tensors.js'
import { floatTensor, int64Tensor } from './tensor.js'
import type { DecodingStep } from './word-times.js'

const START_TOKEN = 1n
export const END_TOKEN = 2
/** Added to the scores of frames that only pad a shorter span: after softmax they weigh exactly nothing. */
const MASKED = -1e9
/** The steps in between leave some 20 MB of tensors behind. */
const STEPS_BETWEEN_COLLECTIONS = 10

type Tensors = Record<string, Tensor>

interface Span {
  readonly frames: number
  /** Most steps; a span that has not ended by then is cut off. */
  readonly cap: number
  readonly steps: DecodingStep[]
}

const LAYER_NAMES = Array.from({ length: LAYERS }, (_, layer) => cacheNames(layer))

/** Decodes spans greedily, all of them a token at a time; one that has ended leaves the batch. */
export class SpanDecoder {
  readonly #spans: Span[] = []
  /** Keys and values of each span's cross-attention, each of one row. Empty once they are laid over each other. */
  readonly #crosses: Tensors[] = []

  /** `step` is the model of one decoding step. */
  constructor(private readonly step: InferenceSession) {}

  /** Adds a span: what the cross-attention looks up, as the cross model gave it, and the most steps it may take. */
  add(looked: InferenceSession.OnnxValueMapType, cap: number): void {
    const names = LAYER_NAMES.flatMap(({ crossKey, crossValue }) => [crossKey, crossValue])
    const cross = Object.fromEntries(names.map(name => [name, floatTensor(looked, name).tensor]))
    this.#crosses.push(cross)
    this.#spans.push({ frames: cross[LAYER_NAMES[0]?.crossKey ?? '']?.dims[3] ?? 0, cap, steps: [] })
  }

  /** The steps of each span in the order added; the last one gave the end token, unless the cap came first. */
  async decode(signal?: AbortSignal): Promise<DecodingStep[][]> {
    let rows = this.#spans
    let feeds = firstFeeds(rows, this.#crosses.splice(0))
    for (let position = 0; rows.length > 0; position += 1) {
      signal?.throwIfAborted()
      if (position % STEPS_BETWEEN_COLLECTIONS === 0) collectYoung()
      const at = new Tensor('int64', BigInt64Array.of(BigInt(position)), [1])
      const outputs = await this.step.run({ ...feeds, position: at })
      readSteps(outputs).forEach((read, row) => {
        const span = rows[row]
        span?.steps.push(read(span.frames))
      })
      const going = rows.flatMap(({ steps, cap }, row) =>
        steps.at(-1)?.token === END_TOKEN || steps.length >= cap ? [] : [row],
      )
      feeds = nextFeeds(feeds, outputs, going)
      rows = going.flatMap(row => rows[row] ?? [])
    }
    return this.#spans.map(({ steps }) => steps)
  }
}

function firstFeeds(spans: readonly Span[], crosses: readonly Tensors[]): Tensors {
  const feeds: Tensors = {}
  const batch = spans.length
  const frames = Math.max(0, ...spans.map(span => span.frames))
  for (const { pastKey, pastValue, crossKey, crossValue } of LAYER_NAMES) {
    for (const name of [pastKey, pastValue]) {
      feeds[name] = new Tensor('float32', new Float32Array(0), [batch, HEADS, 0, HEAD_SIZE])
    }
    for (const name of [crossKey, crossValue]) feeds[name] = stackPadded(crosses.flatMap(cross => cross[name] ?? []))
  }
  const mask = new Float32Array(batch * frames)
  for (const [row, span] of spans.entries()) mask.fill(MASKED, row * frames + span.frames, (row + 1) * frames)
  feeds['frame_mask'] = new Tensor('float32', mask, [batch, 1, 1, frames])
  feeds['input_ids'] = new Tensor('int64', new BigInt64Array(batch).fill(START_TOKEN), [batch, 1])
  return feeds
}

/** The feeds of the next step, with only the rows that go on. */
function nextFeeds(feeds: Tensors, outputs: InferenceSession.OnnxValueMapType, rows: readonly number[]): Tensors {
  const next: Tensors = { ...feeds, input_ids: int64Tensor(outputs, 'token').tensor }
  for (const { pastKey, pastValue, presentKey, presentValue } of LAYER_NAMES) {
    next[pastKey] = floatTensor(outputs, presentKey).tensor
    next[pastValue] = floatTensor(outputs, presentValue).tensor
  }
  for (const [name, tensor] of Object.entries(next)) next[name] = keepRows(tensor, rows)
  return next
}

/** What the step gave each row, to be read with the row's own number of frames. */
function readSteps(outputs: InferenceSession.OnnxValueMapType): ((frames: number) => DecodingStep)[] {
  const probabilities = floatTensor(outputs, 'probability').data
  const { data, dims } = floatTensor(outputs, CROSS_ATTENTIONS)
  const [, heads = 0, , padded = 0] = dims
  return Array.from(int64Tensor(outputs, 'token').data, (token, row) => frames => {
    const own = new Float32Array(heads * frames)
    for (let head = 0; head < heads; head += 1) {
      const start = (row * heads + head) * padded
      own.set(data.subarray(start, start + frames), head * frames)
    }
    return { token: Number(token), probability: probabilities[row] ?? 0, attention: { data: own, heads, frames } }
  })
}

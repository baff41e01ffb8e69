import { setMaxListeners } from 'node:events'
import type { SentenceEncoder } from '../../models/models.js'
import { OrderedWork } from './ordered-work.js'

/** Encodes texts, many at a time, and hands their vectors over in order. */
export async function encodeEach<T extends { readonly text: string }>(
  encoder: SentenceEncoder,
  items: readonly T[],
  { take, signal }: { readonly take: (item: T, vector: Float32Array) => Promise<void>; readonly signal: AbortSignal },
): Promise<void> {
  // Each call in progress listens to the signal, and Node warns of more than ten listeners.
  const calls = AbortSignal.any([signal])
  setMaxListeners(0, calls)
  const work = new OrderedWork<T, Float32Array>({
    limit: encoder.parallel,
    start: ({ text }) => encoder.encode(text, calls),
    take,
  })
  try {
    for (const item of items) await work.push(item)
  } finally {
    await work.end()
  }
}

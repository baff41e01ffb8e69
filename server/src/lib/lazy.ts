import { setImmediate } from 'node:timers/promises'

export interface LazyOptions {
  /** Whether `makeAhead` includes it. @default true */
  readonly ahead?: boolean
}

/** Values that nobody has needed yet. */
const waiting = new Set<() => unknown>()

/** Makes a value on first use, or when `makeAhead` reaches it. */
export function lazy<T>(make: () => T, { ahead = true }: LazyOptions = {}): () => T {
  let made: { readonly value: T } | undefined
  const get = () => {
    waiting.delete(get)
    made ??= { value: make() }
    return made.value
  }
  if (ahead) waiting.add(get)
  return get
}

/** Makes the lazy values nobody has used yet, one at a time, so that other work can run in between. */
export async function makeAhead(): Promise<void> {
  for (const get of waiting) {
    get()
    await setImmediate()
  }
}

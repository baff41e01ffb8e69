import { setImmediate } from 'node:timers/promises'

export interface LazyOptions {
  /** Whether `makeAhead` makes it. @default true */
  readonly ahead?: boolean
}

/** What was not needed yet. */
const waiting = new Set<() => unknown>()

/** Makes a value when it is first needed, or when `makeAhead` gets to it. */
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

/** Makes one lazy value after another; other work has its turn in between. */
export async function makeAhead(): Promise<void> {
  for (const get of waiting) {
    get()
    await setImmediate()
  }
}

import { setImmediate } from 'node:timers/promises'

/** How long each step may block the event loop, in milliseconds. */
const STEP_MS = 2
/** Array elements written per step; elements are assumed to be small. */
const SLICE = 100

/**
 * Writes the same JSON as `JSON.stringify`, in steps that let other work run. For data that is large because of its
 * arrays.
 */
export async function jsonInSteps(data: object): Promise<string> {
  const parts: string[] = []
  let restedAt = performance.now()
  for (const part of partsOf(data)) {
    parts.push(part)
    if (performance.now() - restedAt < STEP_MS) continue
    await setImmediate()
    restedAt = performance.now()
  }
  return parts.join('')
}

function* partsOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) yield JSON.stringify(value) ?? 'null'
  else if (Array.isArray(value)) yield* value.length > SLICE ? slicesOf(value) : elementsOf(value)
  else yield* membersOf(value)
}

function* slicesOf(array: readonly unknown[]): Generator<string> {
  for (let from = 0; from < array.length; from += SLICE) {
    const elements = JSON.stringify(array.slice(from, from + SLICE)).slice(1, -1)
    yield `${from === 0 ? '[' : ','}${elements}`
  }
  yield ']'
}

function* elementsOf(array: readonly unknown[]): Generator<string> {
  let before = '['
  for (const element of array) {
    yield before
    yield* partsOf(element)
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

function* membersOf(object: object): Generator<string> {
  let before = '{'
  for (const [key, member] of Object.entries(object)) {
    if (member === undefined) continue
    yield `${before}${JSON.stringify(key)}:`
    yield* partsOf(member)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}

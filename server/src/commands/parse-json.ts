import { LIMITS } from '@cuewire/protocol'
import type { Fault } from '../lib/error-shape.js'
import { jsonLimitBrokenBy } from '../lib/json-limits.js'

/** Parsed JSON, or the fault. */
export type ParsedJson =
  | { readonly value: unknown; readonly fault?: undefined }
  | { readonly value?: undefined; readonly fault: Fault }

/** Parses JSON within the limits on depth and values. `what` names the text in messages. */
export function parseJson(text: string, what: 'frame' | 'body'): ParsedJson {
  const broken = jsonLimitBrokenBy(text, LIMITS)
  if (broken) return { fault: broken === 'depth' ? tooDeep(what) : tooManyValues(what) }
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { fault: notJson(what, error) }
  }
}

const EXAMPLES = { frame: '{"type":"ping","id":1}', body: '{"limit":10}' } as const

function notJson(what: 'frame' | 'body', error: unknown): Fault {
  // Not every message of V8 has a position, and some quote the text.
  const position = / in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(error))?.[1]
  const place = position === undefined ? '' : ` at position ${position}`
  return {
    code: 'frame.not_json',
    message: `The ${what} is not valid JSON${place}. A ${what} looks like ${EXAMPLES[what]}.`,
  }
}

function tooDeep(what: string): Fault {
  const message = `The JSON of a ${what} may be nested ${LIMITS.depth} levels deep; this one goes deeper.`
  return { code: 'frame.too_deep', message }
}

function tooManyValues(what: string): Fault {
  const message = `The JSON of a ${what} may hold ${LIMITS.values} numbers, strings and other values; this one holds more.`
  return { code: 'frame.too_many_values', message }
}

import type { Static, TSchema } from '@sinclair/typebox'
import { createAjv } from '../lib/ajv.js'
import { lazy } from '../lib/lazy.js'
import { withRepairedText } from './repair-text.js'

const ajv = createAjv({})

/**
 * Returns a function that validates values against the schema, repairs their text, and throws on invalid ones. Used for
 * reading, because data may be damaged, and for writing, so that it can be read again. The schema is compiled on first
 * use.
 */
export function parser<S extends TSchema>(name: string, schema: S): (value: unknown) => Static<S> {
  const compiled = lazy(() => ajv.compile<Static<S>>(schema))
  return value => {
    const fits = compiled()
    if (fits(value)) return value
    const repaired = withRepairedText(schema, value)
    if (fits(repaired)) return repaired
    throw new Error(`a ${name} does not fit its schema: ${ajv.errorsText(fits.errors)}`)
  }
}

/** Parses a JSON column; SQL null becomes undefined. */
export function fromJson(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text)
}

/** JSON for a column; undefined becomes SQL null. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** Removes undefined and null keys, as the protocol's optional keys require. */
export function withoutAbsent(row: Record<string, unknown>): Record<string, unknown> {
  const present: Record<string, unknown> = {}
  for (const key of Object.keys(row)) {
    const value = row[key]
    if (value !== undefined && value !== null) present[key] = value
  }
  return present
}

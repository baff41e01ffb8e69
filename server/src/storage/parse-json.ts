import type { Static, TSchema } from '@sinclair/typebox'
import { Ajv, type ValidateFunction } from 'ajv'
import { withRepairedText } from './repair-text.js'

const ajv = new Ajv({ validateSchema: false })

/**
 * A function that lets values of the schema through, their text repaired if need be, and throws on any other. What is
 * read goes through it, since it may be damaged, and what is written, so that it can be read. The schema is compiled at
 * the first use.
 */
export function parser<S extends TSchema>(name: string, schema: S): (value: unknown) => Static<S> {
  let fits: ValidateFunction<Static<S>> | undefined
  return value => {
    fits ??= ajv.compile<Static<S>>(schema)
    if (fits(value)) return value
    const repaired = withRepairedText(schema, value)
    if (fits(repaired)) return repaired
    throw new Error(`a ${name} does not fit its schema: ${ajv.errorsText(fits.errors)}`)
  }
}

/** JSON of a column as unknown; SQL null is undefined. */
export function fromJson(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text)
}

/** JSON for a column; undefined is SQL null. */
export function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

/** The object without the keys that are undefined or null, as the protocol's optional keys want it. */
export function withoutAbsent(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined && value !== null))
}

import type { Static, TSchema } from '@sinclair/typebox'
import { Ajv } from 'ajv'

const ajv = new Ajv()

/** A function that lets values of the schema through and throws on any other: the row is damaged. */
export function parser<S extends TSchema>(name: string, schema: S): (value: unknown) => Static<S> {
  const fits = ajv.compile<Static<S>>(schema)
  return value => {
    if (fits(value)) return value
    throw new Error(`the database holds a damaged ${name}: ${ajv.errorsText(fits.errors)}`)
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

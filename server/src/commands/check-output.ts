import type { SchemaCheck } from '../lib/schema-check.js'

/** Throws if outgoing data does not fit its schema, or has none, which is a bug. */
export function checkOutput(what: string, check: SchemaCheck | undefined, value: unknown): void {
  if (check?.valid(value)) return
  const [fault] = check?.faults(value) ?? []
  throw new Error(`${what} does not fit its schema: ${fault?.pointer || '/'} ${fault?.message ?? 'has none'}`)
}

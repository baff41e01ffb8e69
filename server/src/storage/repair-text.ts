import { TEXT_KINDS } from '@cuewire/protocol'
import type { TSchema } from '@sinclair/typebox'
import { cut, toFileText, toLine, toText } from '../lib/text.js'

/** Repairs each text to fit its schema. Older versions stored text that is refused or repaired today. */
export function withRepairedText(schema: TSchema, value: unknown): unknown {
  if (typeof value === 'string') return repaired(schema, value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items: TSchema | undefined = schema['items']
    return items ? value.map(item => withRepairedText(items, item)) : value
  }
  const properties: Record<string, TSchema> = schema['properties'] ?? {}
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
    const property = properties[key]
    return [key, property ? withRepairedText(property, part) : part]
  })
  return Object.fromEntries(entries)
}

function repaired({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: TSchema, value: string): string {
  // An empty result must still satisfy the minimum length.
  const left = repairedAs(pattern, value, maxLength)
  return left === '' && value !== '' && minLength > 0 ? '\ufffd' : left
}

function repairedAs(pattern: unknown, value: string, maxLength: number): string {
  switch (pattern) {
    case TEXT_KINDS.line.pattern:
      return toLine(value, maxLength)
    case TEXT_KINDS.text.pattern:
      return toText(value, maxLength)
    case TEXT_KINDS.file.pattern:
      return cut(toFileText(value), maxLength)
    default:
      return value
  }
}

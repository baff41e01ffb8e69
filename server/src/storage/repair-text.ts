import { TEXT_KINDS } from '@cuewire/protocol'
import type { TSchema } from '@sinclair/typebox'
import { cut, toFileText, toLine, toText } from '../lib/text.js'

/** The value with each text as its schema wants it. Older versions stored text that is refused or repaired by now. */
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
  // A text of which nothing is left must still be one.
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

import type { TSchema } from '@sinclair/typebox'
import { TEXT_KINDS } from '../text.js'

/** Names of schemas, by the key from `inside`. */
type Named = ReadonlyMap<unknown, string>

/** Identity of a schema: `Type.Optional` copies the schema, but not its properties or choices. */
export const inside = (schema: TSchema): unknown => schema['properties'] ?? schema['enum'] ?? schema

/** Writes a schema as a TypeScript type with bounds as comments. Named schemas are written by name. */
export function notation(schema: TSchema, named: Named, indent = '', top = true): string {
  const name = named.get(inside(schema))
  if (name && !top) return name
  const choices: readonly unknown[] | undefined = schema['enum']
  if (choices) return choices.map(choice => JSON.stringify(choice)).join(' | ')
  if ('const' in schema) return JSON.stringify(schema['const'])
  const union: readonly TSchema[] | undefined = schema['anyOf']
  if (union) return union.map(member => notation(member, named, indent, false)).join(' | ')
  switch (schema['type']) {
    case 'object':
      return objectNotation(schema, named, indent)
    case 'array':
      return arrayNotation(schema, named, indent)
    case 'integer':
    case 'number':
    case 'string':
    case 'boolean':
      return schema['type']
    default:
      return 'unknown'
  }
}

/** The description and the bounds, which the type cannot express. */
export function remarks(schema: TSchema): string {
  return [schema.description, bounds(schema)].filter(Boolean).join('; ')
}

function bounds(schema: TSchema): string {
  const union: readonly TSchema[] | undefined = schema['anyOf']
  if (union) return union.map(member => `${member['type']}: ${bounds(member)}`).join('; ')
  const each: TSchema | undefined = schema['items'] ?? Object.values(schema['patternProperties'] ?? {})[0]
  return [
    range(schema['minimum'], schema['maximum']),
    bound('above', schema['exclusiveMinimum']),
    Object.values(TEXT_KINDS).find(kind => kind.pattern === schema['pattern'])?.name,
    range(schema['minLength'], schema['maxLength'], ' characters'),
    range(schema['minItems'], schema['maxItems'], ' items'),
    schema['uniqueItems'] ? 'no two alike' : undefined,
    each && bounds(each) && `each ${bounds(each)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

function range(least: unknown, most: unknown, unit = ''): string | undefined {
  if (typeof least !== 'number') return bound('at most', most, unit)
  return typeof most === 'number' ? bound(`${least} to`, most, unit) : bound('at least', least, unit)
}

function bound(words: string, value: unknown, unit = ''): string | undefined {
  if (typeof value !== 'number') return undefined
  return `${words} ${value === Number.MAX_SAFE_INTEGER ? '2^53-1' : value}${unit}`
}

function objectNotation(schema: TSchema, named: Named, indent: string): string {
  const patterns: Record<string, TSchema> | undefined = schema['patternProperties']
  const [value] = Object.values(patterns ?? {})
  if (value) return `{ [name: string]: ${notation(value, named, indent, false)} }`
  const required = new Set<string>(schema['required'] ?? [])
  const inner = `${indent}  `
  const lines = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>).map(([key, property]) => {
    const said = named.has(inside(property)) ? '' : remarks(property)
    return `${inner}${key}${required.has(key) ? '' : '?'}: ${notation(property, named, inner, false)}${said && `  // ${said}`}`
  })
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`
}

function arrayNotation(schema: TSchema, named: Named, indent: string): string {
  const item = notation(schema['items'] as TSchema, named, indent, false)
  return item.includes(' | ') ? `(${item})[]` : `${item}[]`
}

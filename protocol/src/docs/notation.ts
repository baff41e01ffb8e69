import type { TSchema } from '@sinclair/typebox'

/** Names of schemas, by what `inside` gives for each. */
type Named = ReadonlyMap<unknown, string>

/** What tells a schema from others: `Type.Optional` makes a copy of it, but not of its properties or choices. */
export const inside = (schema: TSchema): unknown => schema['properties'] ?? schema['enum'] ?? schema

/** A schema in the notation of TypeScript types, with bounds as comments; schemas with a name are referred to by it. */
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

/** What the notation cannot say: the meaning and the bounds. */
export function remarks(schema: TSchema): string {
  const bounds = [
    bound('at least', schema['minimum'] || undefined),
    bound('above', schema['exclusiveMinimum']),
    bound('at most', schema['maximum'] === Number.MAX_SAFE_INTEGER ? undefined : schema['maximum']),
    bound('at least', schema['minLength'] > 1 ? schema['minLength'] : undefined, ' characters'),
    bound('at most', schema['maxLength'], ' characters'),
    bound('at least', schema['minItems'], ' items'),
    bound('at most', schema['maxItems'], ' items'),
  ]
  return [schema.description, ...bounds].filter(Boolean).join('; ')
}

function bound(words: string, value: unknown, unit = ''): string | undefined {
  return typeof value === 'number' ? `${words} ${value}${unit}` : undefined
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

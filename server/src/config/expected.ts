import type { TSchema } from '@sinclair/typebox'

/** Rules whose pattern is not self-explanatory. */
const IN_WORDS: Readonly<Record<string, string>> = {
  jwtSecret: 'must have at least 32 characters',
  hubUrl: 'must be an address such as https://hub.example.org, without a slash at the end',
  hubToken: 'must have at most 512 characters, without spaces',
  speechUrl: 'must be an address such as http://127.0.0.1:8000/v1, without a slash at the end',
  speechKey: 'must have at most 512 characters, without spaces',
  speechModel: 'must have 1 to 60 characters, without spaces',
  origins: 'each must be an origin such as https://example.org',
  hosts: 'each must be a host name in small letters, such as video.example.org, without a scheme and a port',
}

/** What a setting accepts, as text to follow its name and value. */
export function expected(name: string, schema: TSchema): string {
  const inWords = IN_WORDS[name]
  if (inWords !== undefined) return inWords
  const values: unknown = schema['enum']
  if (Array.isArray(values)) return `must be one of ${values.join(', ')}`
  switch (schema['type']) {
    case 'boolean':
      return 'must be true or false'
    case 'integer':
      return `must be a whole number ${bounds(schema)}`
    case 'number':
      return `must be a number ${bounds(schema)}`
    default:
      return schema['minLength'] ? 'must not be empty' : `must be a ${schema['type']}`
  }
}

function bounds({ minimum, exclusiveMinimum, maximum }: TSchema): string {
  return minimum === undefined ? `above ${exclusiveMinimum}, at most ${maximum}` : `from ${minimum} to ${maximum}`
}

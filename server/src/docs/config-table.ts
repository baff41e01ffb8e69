import { ConfigSchema, variableOf } from '../config/schema.js'

/** The README's table of settings, derived from the schema. */
export function configTable(): string {
  const rows = Object.entries(ConfigSchema.properties).map(([name, schema]) => {
    // The number of cores differs between machines, so the table says it in words.
    const value = name === 'threads' ? 'cores' : JSON.stringify(schema.default)
    return `| \`${variableOf(name)}\` | \`${name}\` | \`${value}\` | ${schema.description} |`
  })
  return ['| variable | key in the file | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

import { ConfigSchema, variableOf } from '../config/schema.js'

/** The number of cores differs between machines, so the table says it in words. */
const FROM_CORES: Readonly<Record<string, string>> = { threads: 'cores', stills: 'cores, at most 4' }

/** The README's table of settings, derived from the schema. */
export function configTable(): string {
  const rows = Object.entries(ConfigSchema.properties).map(([name, schema]) => {
    const value = FROM_CORES[name] ?? JSON.stringify(schema.default)
    return `| \`${variableOf(name)}\` | \`${name}\` | \`${value}\` | ${schema.description} |`
  })
  return ['| variable | key in the file | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

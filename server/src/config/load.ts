import { readFileSync } from 'node:fs'
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isLoopback } from '../lib/loopback.js'
import { SchemaCheck } from '../lib/schema-check.js'
import { type Config, ConfigSchema, variableOf } from './schema.js'

/** The settings are faulty; the message lists every fault, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

type Environment = Readonly<Record<string, string | undefined>>

const check = new SchemaCheck(ConfigSchema)
const settings = Object.entries(ConfigSchema.properties).map(([name, schema]) => ({
  name,
  schema: schema as TSchema,
  variable: variableOf(name),
}))

/** Settings from the file named by CUEWIRE_CONFIG (JSON), overridden by the environment, completed by defaults. */
export function loadConfig(environment: Environment): Config {
  const faults: string[] = []
  const values: Record<string, unknown> = { ...readFile(environment['CUEWIRE_CONFIG'], faults) }
  for (const { name, schema, variable } of settings) {
    const text = environment[variable]
    if (text !== undefined && text !== '') values[name] = fromText(text, schema)
  }
  const known = new Set(['CUEWIRE_CONFIG', ...settings.map(({ variable }) => variable)])
  for (const name of Object.keys(environment)) {
    if (name.startsWith('CUEWIRE_') && !known.has(name)) faults.push(`${name}: there is no such setting`)
  }

  const config = Value.Default(ConfigSchema, values)
  for (const { pointer, message } of check.faults(config)) faults.push(`${sourceOf(pointer, environment)}: ${message}`)
  if (faults.length === 0 && !isLoopback((config as Config).host) && !hasKey(config as Config)) {
    faults.push(
      `${sourceOf('/host', environment)}: others can reach this address, so authentication must be on: set CUEWIRE_JWT_SECRET (32 characters or more) or CUEWIRE_JWT_PUBLIC_KEY_FILE, or listen on 127.0.0.1`,
    )
  }
  const { tlsCertFile = '', tlsKeyFile = '' } = config as Partial<Config>
  if ((tlsCertFile === '') !== (tlsKeyFile === '')) {
    faults.push(
      `${tlsCertFile ? 'CUEWIRE_TLS_KEY_FILE' : 'CUEWIRE_TLS_CERT_FILE'}: TLS needs both files; set this one too`,
    )
  }
  if (faults.length > 0)
    throw new ConfigError(`The configuration has ${faults.length} fault(s):\n  ${faults.join('\n  ')}`)
  return config as Config
}

function readFile(path: string | undefined, faults: string[]): object {
  if (!path) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    faults.push(`CUEWIRE_CONFIG: ${path} is not a JSON object`)
  } catch (error) {
    faults.push(`CUEWIRE_CONFIG: ${path} cannot be read: ${reasonOf(error)}`)
  }
  return {}
}

/** JSON.parse quotes the text around a fault, which may be a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not valid JSON'
  return error instanceof Error ? error.message : String(error)
}

/** Environment text as the setting's type; what does not parse stays text, so that the schema names the fault. */
function fromText(text: string, schema: TSchema): unknown {
  switch (schema['type']) {
    case 'integer':
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'array':
      return text.split(',').map(part => part.trim())
    default:
      return text
  }
}

/** Where a faulty value came from: the variable, or the key of the file. */
function sourceOf(pointer: string, environment: Environment): string {
  const name = pointer.split('/')[1] ?? ''
  const variable = settings.find(setting => setting.name === name)?.variable
  return variable && environment[variable]
    ? `${variable}=${shown(variable, environment[variable])}`
    : name || 'configuration'
}

function hasKey({ jwtSecret, jwtPublicKeyFile }: Config): boolean {
  return jwtSecret !== '' || jwtPublicKeyFile !== ''
}

/** A secret is never repeated, not even a faulty one. */
function shown(variable: string, value: string): string {
  return variable.includes('SECRET') ? '...' : value
}

import { readFileSync } from 'node:fs'
import type { TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { closestName } from '../lib/closest-name.js'
import { errorMessage } from '../lib/error-message.js'
import { isLoopback } from '../lib/loopback.js'
import { SchemaCheck } from '../lib/schema-check.js'
import { ConfigError } from './config-error.js'
import { expected } from './expected.js'
import { type Config, ConfigSchema, optionOf, variableOf } from './schema.js'

type Environment = Readonly<Record<string, string | undefined>>
/** Settings given on the command line, by name. */
export type Options = Readonly<Partial<Record<keyof Config, string>>>

/** The text of a setting and where it came from, as the user wrote it. */
interface Given {
  readonly source: string
  readonly text: string
}

const FILE_VARIABLE = 'CUEWIRE_CONFIG'
const check = new SchemaCheck(ConfigSchema)
const settings = Object.entries(ConfigSchema.properties).map(([name, schema]) => ({
  name: name as keyof Config,
  schema: schema as TSchema,
  variable: variableOf(name),
}))
const names = settings.map(({ name }) => name)
const variables = [FILE_VARIABLE, ...settings.map(({ variable }) => variable)]

/** Checks what settings refer to, such as files. The values may be invalid themselves. */
type Look = (values: Readonly<Partial<Record<keyof Config, unknown>>>) => readonly string[]

/**
 * Loads settings from the file named by CUEWIRE_CONFIG (JSON), overridden by the environment, then by the command line.
 * Throws a ConfigError that lists every fault, including those found by `look`.
 */
export function loadConfig(environment: Environment, options: Options = {}, look: Look = () => []): Config {
  const faults: string[] = []
  const values: Record<string, unknown> = { ...readFile(environment[FILE_VARIABLE], faults) }
  const given = new Map<string, Given>()
  for (const { name, schema, variable } of settings) {
    const found = givenFor(name, variable, { environment, options })
    if (!found) continue
    given.set(name, found)
    values[name] = fromText(found.text, schema)
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('CUEWIRE_') && !variables.includes(name)) faults.push(unknownName(name, variables))
  }

  const sourceOf = (name: string) => given.get(name)?.source ?? name
  const config = Value.Default(ConfigSchema, values)
  // One fault per setting: its text covers everything the setting accepts.
  const faulty = new Set(check.faults(config).map(({ pointer }) => pointer.split('/')[1] ?? ''))
  for (const name of faulty) {
    const schema = settings.find(setting => setting.name === name)?.schema
    faults.push(schema ? `${sourceOf(name)}: ${expected(name, schema)}` : unknownName(name, names))
  }
  if (!OF_THE_WHOLE.some(name => faulty.has(name))) faults.push(...faultsOfTheWhole(config as Config, sourceOf))
  faults.push(...look(config as Config))
  if (faults.length > 0) throw new ConfigError(faults)
  return config as Config
}

const OF_THE_WHOLE = ['host', 'jwtSecret', 'jwtPublicKeyFile', 'tlsCertFile', 'tlsKeyFile'] as const

/** Faults that involve more than one setting. */
function faultsOfTheWhole(
  config: Pick<Config, (typeof OF_THE_WHOLE)[number]>,
  sourceOf: (name: string) => string,
): string[] {
  const { host, jwtSecret, jwtPublicKeyFile, tlsCertFile, tlsKeyFile } = config
  const faults: string[] = []
  if (!isLoopback(host) && !jwtSecret && !jwtPublicKeyFile) {
    faults.push(
      `${sourceOf('host')}: others can reach this address, so authentication must be on: set CUEWIRE_JWT_SECRET (32 characters or more) or CUEWIRE_JWT_PUBLIC_KEY_FILE, or listen on 127.0.0.1`,
    )
  }
  if ((tlsCertFile === '') !== (tlsKeyFile === '')) {
    faults.push(
      `${tlsCertFile ? 'CUEWIRE_TLS_KEY_FILE' : 'CUEWIRE_TLS_CERT_FILE'}: TLS needs both files; set this one too`,
    )
  }
  return faults
}

function givenFor(
  name: keyof Config,
  variable: string,
  { environment, options }: { readonly environment: Environment; readonly options: Options },
): Given | undefined {
  const option = options[name]
  if (option !== undefined) return { source: `${optionOf(name)}=${option}`, text: option }
  const text = environment[variable]
  // Many tools unset a variable by setting it to an empty string.
  if (text === undefined || text === '') return undefined
  // Never print a secret, not even an invalid one, nor one in an address.
  const shown = /SECRET|TOKEN/.test(variable) ? '...' : text.replace(/\/\/[^/]*@/, '//...@')
  return { source: `${variable}=${shown}`, text }
}

function unknownName(name: string, known: readonly string[]): string {
  const near = closestName(name, known)
  return `${name}: is not a setting; ${near === undefined ? 'the README lists them' : `did you mean ${near}?`}`
}

function readFile(path: string | undefined, faults: string[]): object {
  if (!path) return {}
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
    faults.push(`${FILE_VARIABLE}: ${path} is not a JSON object`)
  } catch (error) {
    faults.push(`${FILE_VARIABLE}: ${path} cannot be read: ${reasonOf(error)}`)
  }
  return {}
}

/** Without the message of JSON.parse, which quotes the text around the fault: it may be a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'it is not valid JSON'
  return errorMessage(error)
}

/** Converts text to the setting's type. Text that does not convert stays text, so that the schema check reports it. */
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

import { type ErrorDetail, LIMITS, PATTERNS } from '@cuewire/protocol'
import type { TSchema } from '@sinclair/typebox'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { createAjv } from './ajv.js'
import { type LazyOptions, lazy } from './lazy.js'
import { toLine, toText } from './text.js'
import { textFault } from './text-fault.js'

/** Most faults reported in one error. */
const MAX_DETAILS = 20

const options = { strict: true, strictTypes: false, allowUnionTypes: true } as const
const first = createAjv({ ...options, allErrors: false })
const all = createAjv({ ...options, allErrors: true, verbose: true })

/** A schema, compiled lazily and twice: a fast check that stops at the first fault, and one that finds all faults. */
export class SchemaCheck {
  private readonly check: () => ValidateFunction
  private thorough: ValidateFunction | undefined

  constructor(
    private readonly schema: TSchema,
    options?: LazyOptions,
  ) {
    this.check = lazy(() => first.compile(schema), options)
  }

  valid(data: unknown): boolean {
    return this.check()(data)
  }

  /** Every fault of `data`, as JSON pointers below `base`; empty when it is valid. */
  faults(data: unknown, base = ''): ErrorDetail[] {
    this.thorough ??= all.compile(this.schema)
    this.thorough(data)
    return detailsOf(this.thorough.errors, base)
  }

  /**
   * The fault that `valid` has just found. Very large data may have a hundred thousand, and finding them all would take
   * long.
   */
  lastFault(base = ''): ErrorDetail[] {
    return detailsOf(this.check().errors, base)
  }
}

function detailsOf(errors: readonly ErrorObject[] | null | undefined, base: string): ErrorDetail[] {
  return (errors ?? []).slice(0, MAX_DETAILS).map(error => ({
    pointer: toLine(base + error.instancePath + keyOf(error), LIMITS.reasonLength),
    message: toText(messageOf(error), LIMITS.reasonLength),
  }))
}

function keyOf({ keyword, params }: ErrorObject): string {
  const key: unknown = keyword === 'additionalProperties' ? params['additionalProperty'] : undefined
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
}

const RULES = new Map<unknown, string>(Object.values(PATTERNS).map(({ pattern, rule }) => [pattern, rule]))

function messageOf({ keyword, params, message, data }: ErrorObject): string {
  if (keyword === 'additionalProperties') return 'is not a known key'
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`
  if (keyword === 'pattern')
    return textFault(params['pattern'], data) ?? RULES.get(params['pattern']) ?? message ?? keyword
  return message ?? keyword
}

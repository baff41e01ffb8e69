import { SCOPES, type Scope, Subject } from '@cuewire/protocol'
import { createVerifier, TokenError } from 'fast-jwt'
import { DEFAULT_TENANT, type Principal } from '../../identity/principal.js'
import { AppError } from '../../lib/app-error.js'
import { SchemaCheck } from '../../lib/schema-check.js'
import { isTenantName } from '../../lib/tenant-name.js'

export interface TokenVerifierOptions {
  /** Secret of HS256 tokens; empty: none are accepted. */
  readonly secret: string
  /** Public keys in PEM of RS256, PS256, ES256 and EdDSA tokens. */
  readonly publicKeys: readonly string[]
  /** Required `iss` and `aud`, where not empty. */
  readonly issuer: string
  readonly audience: string
}

const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
/** Clocks of issuer and server may differ by this much. */
const CLOCK_TOLERANCE_MS = 5000
/** The last second a Date can hold. */
const MAX_EXP = 8.64e12

type Verify = (token: string) => unknown

const subject = new SchemaCheck(Subject)

/**
 * Checks JSON Web Tokens (RFC 7519) without waiting for anything: signature, `exp` (required), `nbf`, and `iss` and `aud`
 * where set. Throws `auth.expired`, or `auth.invalid`, which names a claim that is wrong.
 */
export function createTokenVerifier(options: TokenVerifierOptions): (token: string) => Principal {
  const { secret, publicKeys, issuer, audience } = options
  const common = {
    clockTolerance: CLOCK_TOLERANCE_MS,
    // The library checks `iss` and `aud` only of tokens that have them.
    requiredClaims: ['sub', 'exp', ...(issuer ? ['iss'] : []), ...(audience ? ['aud'] : [])],
    ...(issuer && { allowedIss: issuer }),
    ...(audience && { allowedAud: audience }),
  }
  const verifiers: Verify[] = [
    ...(secret ? [createVerifier({ ...common, key: secret, algorithms: ['HS256'] }) as Verify] : []),
    ...publicKeys.map(key => createVerifier({ ...common, key, algorithms: algorithmsOf(key) }) as Verify),
  ]
  return token => toPrincipal(verifyWithAny(verifiers, token))
}

/** The algorithms that fit a public key; throws, at start, for text that is no key. */
function algorithmsOf(key: string): ('RS256' | 'PS256' | 'ES256' | 'EdDSA')[] {
  const fitting = PUBLIC_KEY_ALGORITHMS.filter(algorithm => {
    try {
      createVerifier({ key, algorithms: [algorithm] })
      return true
    } catch (error) {
      if (error instanceof TokenError) return false
      throw error
    }
  })
  if (fitting.length === 0) throw new Error('a public key fits none of RS256, PS256, ES256 and EdDSA')
  return fitting
}

function verifyWithAny(verifiers: readonly Verify[], token: string): unknown {
  // The reason stays with us: what is wrong with a forged token is no help to an honest client.
  let fault = new AppError(
    'auth.invalid',
    'The token is malformed or not signed with a key of this server; get a new one.',
  )
  for (const verify of verifiers) {
    try {
      return verify(token)
    } catch (error) {
      // The library cannot name a time that no Date can hold.
      if (!(error instanceof TokenError || error instanceof RangeError)) throw error
      if (error instanceof TokenError) fault = claimFault(error) ?? fault
    }
  }
  throw fault
}

/** What is wrong with the claims of a token whose signature is good; the library looks at them only then. */
function claimFault({ code, message }: TokenError): AppError | undefined {
  switch (code) {
    case TokenError.codes.expired:
      return new AppError('auth.expired', 'The token has expired; get a new one.')
    case TokenError.codes.inactive:
      return new AppError(
        'auth.invalid',
        'The token is not valid yet: its claim nbf is in the future; wait until then or get a new one.',
      )
    case TokenError.codes.missingRequiredClaim:
    case TokenError.codes.invalidClaimType:
    case TokenError.codes.invalidClaimValue:
      // It names the claim, and no value.
      return new AppError('auth.invalid', message)
    default:
      return undefined
  }
}

function toPrincipal(payload: unknown): Principal {
  const claims = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>
  const { sub, exp, tenant = DEFAULT_TENANT } = claims
  if (typeof sub !== 'string' || !subject.valid(sub)) {
    throw invalidClaim('sub', '1 to 256 characters in one line, without control characters')
  }
  if (typeof exp !== 'number' || exp > MAX_EXP) throw invalidClaim('exp', 'a number of seconds since 1970')
  if (typeof tenant !== 'string' || !isTenantName(tenant)) {
    throw invalidClaim('tenant', 'lower-case letters, digits, _ and -, at most 63')
  }
  return { subject: sub, tenant, scopes: scopesOf(claims), expiresAtMs: Math.trunc(exp * 1000) }
}

/**
 * `scopes` or, without it, `scope`: a string with spaces (RFC 8693) or an array. Unknown names are other services' business.
 */
function scopesOf({ scope, scopes }: Record<string, unknown>): ReadonlySet<Scope> {
  const [claim, value = []] = scopes === undefined ? ['scope', scope] : ['scopes', scopes]
  const names: unknown = typeof value === 'string' ? value.split(' ') : value
  if (!Array.isArray(names)) throw invalidClaim(claim, 'a string with spaces or an array of strings')
  return new Set(SCOPES.filter(known => names.includes(known)))
}

function invalidClaim(name: string, rule: string): AppError {
  return new AppError('auth.invalid', `The claim ${name} of the token must be ${rule}.`)
}

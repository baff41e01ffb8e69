import { SCOPES, type Scope, Subject } from '@cuewire/protocol'
import { createVerifier, TokenError } from 'fast-jwt'
import { DEFAULT_TENANT, type Principal } from '../../identity/principal.js'
import { AppError } from '../../lib/app-error.js'
import { SchemaCheck } from '../../lib/schema-check.js'
import { isTenantName } from '../../lib/tenant-name.js'

export interface TokenVerifierOptions {
  /** Secret of HS256 tokens. Empty: no HS256 tokens are accepted. */
  readonly secret: string
  /** Public keys in PEM of RS256, PS256, ES256 and EdDSA tokens. */
  readonly publicKeys: readonly string[]
  /** Required `iss` and `aud`. Empty: not checked. */
  readonly issuer: string
  readonly audience: string
}

const PUBLIC_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
/** Allowed difference between the clocks of issuer and server. */
const CLOCK_TOLERANCE_MS = 5000
/** The last second a Date can hold. */
const MAX_EXP = 8.64e12

type Verify = (token: string) => unknown

const subject = new SchemaCheck(Subject)

/**
 * Verifies JSON Web Tokens (RFC 7519) synchronously: signature, `exp` (required), `nbf`, and `iss` and `aud` if
 * configured. Throws `auth.expired`, or `auth.invalid` with the name of the wrong claim.
 */
export function createTokenVerifier(options: TokenVerifierOptions): (token: string) => Principal {
  const { secret, publicKeys, issuer, audience } = options
  const common = {
    clockTolerance: CLOCK_TOLERANCE_MS,
    // The library checks `iss` and `aud` only in tokens that have them, so they are required here.
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

/** The algorithms a public key can be used with. Throws at start if the text is not a key. */
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
  // Details are given only for validly signed tokens: they would help an attacker, not an honest client.
  let fault = new AppError(
    'auth.invalid',
    'The token is malformed or not signed with a key of this server; get a new one.',
  )
  for (const verify of verifiers) {
    try {
      return verify(token)
    } catch (error) {
      // A RangeError: the library cannot format a time that no Date can hold.
      if (!(error instanceof TokenError || error instanceof RangeError)) throw error
      if (error instanceof TokenError) fault = claimFault(error) ?? fault
    }
  }
  throw fault
}

/** The claim fault of a token with a valid signature; the library checks claims only after the signature. */
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
      // The message names the claim but not its value.
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
 * `scopes`, or `scope` if it is absent: a space-separated string (RFC 8693) or an array. Unknown names are ignored;
 * they may be for other services.
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

import { SCOPES, type Scope, type Principal as WirePrincipal } from '@cuewire/protocol'

/** The authenticated identity and its scopes. */
export interface Principal {
  readonly subject: string
  readonly tenant: string
  readonly scopes: ReadonlySet<Scope>
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAtMs: number | undefined
}

/** The tenant if authentication is off or the token names none. */
export const DEFAULT_TENANT = 'default'

/** The identity of every client if authentication is off. Such a server listens on loopback only. */
export const LOCAL_PRINCIPAL: Principal = {
  subject: 'local',
  tenant: DEFAULT_TENANT,
  scopes: new Set(SCOPES),
  expiresAtMs: undefined,
}

/** A key for the principal, independent of its scopes. Unambiguous, because a tenant name contains no space. */
export function principalKey({ tenant, subject }: Principal): string {
  return `${tenant} ${subject}`
}

/** The principal as clients see it. */
export function wirePrincipal({ subject, tenant, scopes, expiresAtMs }: Principal): WirePrincipal {
  return {
    subject,
    tenant,
    scopes: [...scopes],
    ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }),
  }
}

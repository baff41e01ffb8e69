import { SCOPES, type Scope, type Principal as WirePrincipal } from '@cuewire/protocol'

/** Whom the server takes a client for, and what it may do. */
export interface Principal {
  readonly subject: string
  readonly tenant: string
  readonly scopes: ReadonlySet<Scope>
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAtMs: number | undefined
}

/** The tenant of a server without authentication, and of tokens that name none. */
export const DEFAULT_TENANT = 'default'

/** Everyone, where authentication is off: such a server listens on loopback only. */
export const LOCAL_PRINCIPAL: Principal = {
  subject: 'local',
  tenant: DEFAULT_TENANT,
  scopes: new Set(SCOPES),
  expiresAtMs: undefined,
}

/** Names the principal, whatever its token allows; no tenant holds a space. */
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

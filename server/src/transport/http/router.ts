import { type ErrorCode, type Scope, SOCKET_PATH } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { LOCAL_PRINCIPAL, type Principal } from '../../identity/principal.js'
import type { RateLimits } from '../../identity/rate-limits.js'
import { AppError, toAppError } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'
import type { Authenticator } from '../auth/authenticator.js'
import { type AccessPolicy, checkHost, checkOrigin } from '../origin.js'
import type { Headers } from './channel.js'
import { preflight } from './cors.js'
import { errorReply } from './error-reply.js'
import type { Exchange } from './exchange.js'

/** Path segments by the `:name` they match. */
export type PathParams = Readonly<Record<string, string>>

export interface Route {
  readonly method: string
  /** Such as `/v1/videos/:id/media`; a `:name` matches one segment. */
  readonly path: string
  /** Scope the token must have. `none`: any token; `public`: no token needed. */
  readonly scope: Scope | 'none' | 'public'
  /** Exempt from rate limits, so that probes always get an answer. @default false */
  readonly unlimited?: boolean
  /** `X-HTTP-Method-Override` replaces the method, for clients limited to GET and POST. @default false */
  readonly methodOverride?: boolean
  /** Sent with every reply of the route, including refusals. */
  readonly headers?: Headers
  readonly handle: (exchange: Exchange, params: PathParams, principal: Principal) => Promise<void> | void
}

interface RouterOptions {
  readonly routes: readonly Route[]
  readonly policy: AccessPolicy
  readonly authenticator: Authenticator
  readonly rateLimits: RateLimits
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Answers every HTTP request that is not a WebSocket handshake. The only place that turns errors of routes into
 * replies.
 */
export function createRouter({
  routes,
  policy,
  authenticator,
  rateLimits,
  clock,
  logger,
}: RouterOptions): (exchange: Exchange) => Promise<void> {
  const unlimited = new Set(routes.filter(route => route.unlimited).map(route => route.path))
  const table = routes.map(route => ({ route, pattern: route.path.split('/') }))

  const find = (path: string) => {
    const parts = path.split('/')
    return table.flatMap(({ route, pattern }) => {
      const params = matchPath(pattern, parts)
      return params ? [{ route, params }] : []
    })
  }

  const handle = async (exchange: Exchange): Promise<void> => {
    const path = exchange.request.path.replace(/(?<=.)\/$/, '')
    const now = clock.elapsed()
    if (!unlimited.has(path)) rateLimits.requestFrom(exchange.remoteAddress, now)
    const host = exchange.header('host')
    checkHost(host, policy)
    checkOrigin(exchange.header('origin'), host, policy)
    if (exchange.header('upgrade')?.toLowerCase() === 'websocket') {
      throw new AppError('http.unexpected_upgrade', `WebSocket handshakes are accepted on ${SOCKET_PATH} only.`)
    }
    const found = find(path)
    const [first] = found
    if (!first) throw new AppError('http.not_found', `There is no route ${path}; PROTOCOL.md lists the routes.`)
    const override = first.route.methodOverride ? exchange.header('x-http-method-override') : undefined
    const method = override?.toUpperCase() ?? exchange.request.method
    const isOf = (wanted: string) => found.find(({ route }) => route.method === wanted)
    const match = isOf(method) ?? (method === 'HEAD' ? isOf('GET') : undefined)
    exchange.always((match ?? first).route.headers ?? {})
    if (match) {
      const { scope } = match.route
      const principal = scope === 'public' ? LOCAL_PRINCIPAL : authenticator.request(exchange.request, 'http')
      if (scope !== 'public') rateLimits.requestBy(principal, now)
      if (scope !== 'public' && scope !== 'none' && !principal.scopes.has(scope)) {
        throw new AppError('auth.forbidden', `${method} ${path} needs a token with the scope ${scope}.`)
      }
      return match.route.handle(exchange, match.params, principal)
    }
    const allowed = methodsOf(found.map(({ route }) => route))
    if (method === 'OPTIONS') return exchange.reply(204, preflight(allowed))
    const message = `${path} knows ${allowed.join(', ')}.`
    reply(exchange, new AppError('http.method_not_allowed', message), { allow: allowed.join(', ') })
  }

  return async exchange => {
    try {
      await handle(exchange)
    } catch (error) {
      if (exchange.signal.aborted) return
      const appError = toAppError(error)
      const { code, cause } = appError
      if (code === 'server.internal' || (FAULTS_WITH_CAUSE.includes(code) && cause !== undefined)) {
        logger.error({ err: error, method: exchange.request.method, path: exchange.request.path }, 'request failed')
      }
      reply(exchange, appError)
      // Does nothing unless a reply has begun.
      exchange.breakOff()
    }
  }
}

/** Faults of stored data. If they have a cause, the log gets it. */
const FAULTS_WITH_CAUSE: readonly ErrorCode[] = ['server.disk_full', 'record.damaged']

/** The methods of a path: HEAD is added to GET, and OPTIONS is always allowed. */
function methodsOf(routes: readonly Route[]): string[] {
  return [...new Set(routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).concat('OPTIONS'))]
}

function reply(exchange: Exchange, error: AppError, extra: Headers = {}): void {
  const { status, headers, body } = errorReply(error)
  exchange.reply(status, { ...headers, ...extra }, body)
}

function matchPath(pattern: readonly string[], parts: readonly string[]): PathParams | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [i, expected] of pattern.entries()) {
    const part = parts[i] ?? ''
    if (expected.startsWith(':')) params[expected.slice(1)] = part
    else if (expected !== part) return undefined
  }
  return params
}

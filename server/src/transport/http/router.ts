import { type Scope, SOCKET_PATH } from '@cuewire/protocol'
import type { Logger } from 'pino'
import { AppError, toAppError } from '../../lib/app-error.js'
import type { Clock } from '../../lib/clock.js'
import { LOCAL_PRINCIPAL, type Principal } from '../../sessions/principal.js'
import type { RateLimits } from '../../sessions/rate-limits.js'
import type { Authenticator } from '../auth/authenticator.js'
import { type AccessPolicy, checkHost, checkOrigin, isOriginAllowed } from '../origin.js'
import { errorReply } from './error-reply.js'
import type { Exchange, Headers } from './exchange.js'
import type { RequestHead } from './request.js'

/** Parts of the path that a route's `:name` stood for. */
export type PathParams = Readonly<Record<string, string>>

export interface Route {
  readonly method: string
  /** `/v1/videos/:id/media`: a `:name` stands for one part. */
  readonly path: string
  /** What the token must allow. `none`: any token; `public`: no token is asked for. */
  readonly scope: Scope | 'none' | 'public'
  /** Never refused for coming too often, so that probes always get the truth. @default false */
  readonly unlimited?: boolean
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

/** Answers every HTTP request that is not a WebSocket upgrade; the one place where a route's errors become replies. */
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

  const find = (method: string, path: string) => {
    const parts = path.split('/')
    const matches = table.flatMap(({ route, pattern }) => {
      const params = matchPath(pattern, parts)
      return params ? [{ route, params }] : []
    })
    if (matches.length === 0) throw new AppError('http.not_found', `There is nothing at ${path}.`)
    const wanted = method === 'HEAD' && !matches.some(({ route }) => route.method === 'HEAD') ? 'GET' : method
    const match = matches.find(({ route }) => route.method === wanted)
    return { match, allowed: [...new Set(matches.map(({ route }) => route.method))] }
  }

  const handle = async (exchange: Exchange): Promise<void> => {
    const { method, path } = exchange.request
    const now = clock.elapsed()
    if (!unlimited.has(path)) rateLimits.requestFrom(exchange.remoteAddress, now)
    const host = exchange.header('host')
    checkHost(host, policy)
    checkOrigin(exchange.header('origin'), host, policy)
    if (exchange.header('upgrade')?.toLowerCase() === 'websocket') {
      throw new AppError('http.unexpected_upgrade', `WebSocket is spoken on ${SOCKET_PATH} only.`)
    }
    const { match, allowed } = find(method, path)
    if (match) {
      const { scope } = match.route
      const principal = scope === 'public' ? LOCAL_PRINCIPAL : authenticator.request(exchange.request, 'http')
      if (scope !== 'public') rateLimits.requestBy(principal, now)
      if (scope !== 'public' && scope !== 'none' && !principal.scopes.has(scope)) {
        throw new AppError('auth.forbidden', `${method} ${path} needs the scope ${scope}.`)
      }
      return match.route.handle(exchange, match.params, principal)
    }
    if (method === 'OPTIONS') return exchange.reply(204, { allow: allowed.join(', '), ...preflight(allowed) })
    reply(exchange, new AppError('http.method_not_allowed', `${path} knows ${allowed.join(', ')}.`), {
      allow: allowed.join(', '),
    })
  }

  return async exchange => {
    try {
      await handle(exchange)
    } catch (error) {
      if (exchange.signal.aborted) return
      const appError = toAppError(error)
      const { code, cause } = appError
      if (code === 'server.internal' || (code === 'server.disk_full' && cause !== undefined)) {
        logger.error({ err: error, method: exchange.request.method, path: exchange.request.path }, 'request failed')
      }
      reply(exchange, appError)
    }
  }
}

function reply(exchange: Exchange, error: AppError, extra: Headers = {}): void {
  const { status, headers, body } = errorReply(error)
  exchange.reply(status, { ...headers, ...extra }, body)
}

function preflight(methods: readonly string[]): Headers {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers':
      'authorization, content-type, range, tus-resumable, upload-length, upload-offset, upload-metadata, upload-checksum',
    'access-control-max-age': '600',
  }
}

/** The reply headers that let a page of an allowed origin read it. */
export function corsHeaders({ headers }: RequestHead, policy: AccessPolicy): Headers {
  const origin = headers.get('origin')
  if (origin === undefined || !isOriginAllowed(origin, headers.get('host'), policy)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers':
      'location, retry-after, upload-offset, upload-length, upload-expires, tus-resumable, tus-version, tus-extension, tus-max-size, content-range, accept-ranges',
    vary: 'origin',
  }
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

import { SOCKET_PATH, SUBPROTOCOL } from '@cuewire/protocol'
import type { Route } from './router.js'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
} as const

interface HomeOptions {
  /** Whether this port speaks TLS. */
  readonly tls: boolean
  readonly needsToken: boolean
}

/** `/`: a page for browsers that says what this server is and how to use it. */
export function homeRoute({ tls, needsToken }: HomeOptions): Route {
  return {
    method: 'GET',
    path: '/',
    scope: 'public',
    handle: exchange => {
      // A proxy may terminate TLS and strip a prefix. Only this page trusts these headers.
      const isSecure = tls || exchange.header('x-forwarded-proto') === 'https'
      const prefix = plainPath(exchange.header('x-forwarded-prefix'))
      // The router has checked the Host.
      const socketUrl = `${isSecure ? 'wss' : 'ws'}://${exchange.header('host')}${prefix}${SOCKET_PATH}`
      exchange.reply(200, HEADERS, page(escapeHtml(socketUrl), needsToken))
    },
  }
}

/** The header if it is a path of plain characters, without the trailing slash; otherwise empty. */
function plainPath(header: string | undefined): string {
  return /^((?:\/[\w.~-]+)+)\/?$/.exec(header ?? '')?.[1] ?? ''
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)

const TOKEN_OPTION = ' -H "Authorization: Bearer $TOKEN"'

// Links are relative, for servers below a path prefix.
const page = (socketUrl: string, needsToken: boolean) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cuewire</title>
<h1>Cuewire</h1>
<p>This server understands video and talks about it over one WebSocket, for programs:</p>
<pre>${socketUrl}   subprotocol ${SUBPROTOCOL}</pre>
<p>By hand${needsToken ? ', with a token in place of $TOKEN' : ''}:</p>
<pre>npx wscat -s ${SUBPROTOCOL}${needsToken ? escapeHtml(TOKEN_OPTION) : ''} -c ${socketUrl}</pre>
<ul>
<li><a href="readyz">readyz</a>: each part, and whether it works
<li><a href="asyncapi.json">asyncapi.json</a> and <a href="schema.json">schema.json</a>: the protocol for machines
</ul>
<p>README.md and protocol/PROTOCOL.md in the source say the rest.</p>
</html>
`

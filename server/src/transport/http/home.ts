import { SOCKET_PATH, SUBPROTOCOL } from '@cuewire/protocol'
import type { Route } from './router.js'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
} as const

/** `/`: tells whoever opens the address in a browser what is here and how to talk to it. */
export function homeRoute(tls: boolean): Route {
  return {
    method: 'GET',
    path: '/',
    scope: 'public',
    handle: exchange => {
      // The router has checked that the Host is one of ours. A proxy in front may speak TLS for us.
      const secure = tls || exchange.header('x-forwarded-proto') === 'https'
      exchange.reply(200, HEADERS, page(`${secure ? 'wss' : 'ws'}://${exchange.header('host')}${SOCKET_PATH}`))
    },
  }
}

// Links are relative, for servers below a path prefix.
const page = (socketUrl: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Cuewire</title>
<h1>Cuewire</h1>
<p>This server understands video and talks about it over one WebSocket, for programs:</p>
<pre>${socketUrl}   subprotocol ${SUBPROTOCOL}</pre>
<p>By hand:</p>
<pre>npx wscat -s ${SUBPROTOCOL} -c ${socketUrl}</pre>
<ul>
<li><a href="readyz">readyz</a>: each part, and whether it works
<li><a href="asyncapi.json">asyncapi.json</a> and <a href="schema.json">schema.json</a>: the protocol for machines
</ul>
<p>README.md and protocol/PROTOCOL.md in the source say the rest.</p>
</html>
`

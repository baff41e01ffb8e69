import { asyncApi, jsonSchema } from '@cuewire/protocol'
import type { Route } from './router.js'

/** `/schema.json` and `/asyncapi.json`: the protocol for machines, encoded at the first request. */
export function documentRoutes(): Route[] {
  return [
    documentRoute('/schema.json', 'application/schema+json', jsonSchema),
    documentRoute('/asyncapi.json', 'application/vnd.aai.asyncapi+json;version=3.0.0', asyncApi),
  ]
}

function documentRoute(path: string, type: string, document: () => unknown): Route {
  let body: Buffer | undefined
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=300' }
  const handle: Route['handle'] = exchange => {
    body ??= Buffer.from(JSON.stringify(document()))
    return exchange.reply(200, headers, body)
  }
  return { method: 'GET', path, scope: 'public', handle }
}

import { asyncApi, jsonSchema } from '@cuewire/protocol'
import type { Route } from './router.js'

/** `/schema.json` and `/asyncapi.json`: the protocol for machines, encoded once. */
export function documentRoutes(): Route[] {
  return [
    documentRoute('/schema.json', 'application/schema+json', jsonSchema()),
    documentRoute('/asyncapi.json', 'application/vnd.aai.asyncapi+json;version=3.0.0', asyncApi()),
  ]
}

function documentRoute(path: string, type: string, document: unknown): Route {
  const body = Buffer.from(JSON.stringify(document))
  const headers = { 'content-type': type, 'cache-control': 'public, max-age=300' }
  return { method: 'GET', path, scope: 'public', handle: exchange => exchange.reply(200, headers, body) }
}

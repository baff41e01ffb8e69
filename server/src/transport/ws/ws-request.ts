import { IncomingMessage } from 'node:http'
import { SOCKET_PATH } from '@cuewire/protocol'
import { addHeader, type RequestHead } from '../http/request.js'
import { asksForWebSocket } from '../upgrade.js'

/** The only supported version of HTTP, as in uWebSockets.js. */
const HTTP_VERSION = '1.1'

/** Scheme and host of an absolute target, which clients send to a proxy; the rest is path and query. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i

/**
 * A request that counts as an upgrade only on the socket path. Node reads `upgrade` to decide whether to stop parsing
 * HTTP. Any other `Upgrade` (h2c, or a wrong path) is just a header of a plain request, which may have a body.
 */
export class WsRequest extends IncomingMessage {
  private readHead: RequestHead | undefined
  private offersUpgrade = false

  get head(): RequestHead {
    this.readHead ??= readHead(this)
    return this.readHead
  }

  /** Why uWebSockets.js would refuse headers that Node accepts, as an error code of Node's parser. */
  get fault(): 'HPE_INVALID_VERSION' | 'HPE_NO_HOST' | undefined {
    if (this.httpVersion !== HTTP_VERSION) return 'HPE_INVALID_VERSION'
    return this.headers.host === undefined ? 'HPE_NO_HOST' : undefined
  }

  get upgrade(): boolean {
    if (!this.offersUpgrade || this.method !== 'GET' || this.fault !== undefined) return false
    return this.head.path === SOCKET_PATH && asksForWebSocket(this.head.headers)
  }

  set upgrade(offered: boolean | null) {
    this.offersUpgrade = offered === true
  }
}

/** Node's `headers` keep only the first line of some names; uWebSockets.js returns all of them. */
function readHead({ method = '', url = '', rawHeaders }: IncomingMessage): RequestHead {
  const headers = new Map<string, string>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    addHeader(headers, (rawHeaders[i] ?? '').toLowerCase(), utf8Of(rawHeaders[i + 1] ?? ''))
  }
  const target = utf8Of(url)
  const [origin = '', host] = ABSOLUTE.exec(target) ?? []
  // "MUST ignore the received Host header field (if any) and instead use the host information of the request-target".
  if (host !== undefined) headers.set('host', host)
  const local = target.slice(origin.length)
  const queryAt = local.indexOf('?')
  const path = queryAt < 0 ? local : local.slice(0, queryAt)
  return { method, path: path || '/', query: queryAt < 0 ? '' : local.slice(queryAt + 1), headers }
}

/** Node decodes headers as Latin-1, uWebSockets.js as UTF-8. */
function utf8Of(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text
}

import { IncomingMessage } from 'node:http'
import { SOCKET_PATH } from '@cuewire/protocol'
import { addHeader, type RequestHead } from '../http/request.js'
import { asksForWebSocket } from '../upgrade.js'

/** The only version of HTTP that is spoken, as uWebSockets.js has it. */
const HTTP_VERSION = '1.1'

/** The scheme and host of a target as clients send it to a proxy; the rest is its path and query. */
const ABSOLUTE = /^https?:\/\/([^/?#]*)/i

/**
 * A request that is an upgrade only where a WebSocket is served. Node asks `upgrade` whether to stop reading HTTP from the
 * connection; any other `Upgrade` (h2c, or a wrong path) is a header of a plain request, which may have a body.
 */
export class WsRequest extends IncomingMessage {
  private readHead: RequestHead | undefined
  private offersUpgrade = false

  get head(): RequestHead {
    this.readHead ??= readHead(this)
    return this.readHead
  }

  /** Why uWebSockets.js would refuse the head, which Node takes; in the terms of Node's parser. */
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

/** Node's `headers` keep only the first line of some names; all are needed, as uWebSockets.js gives them. */
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

/** Node reads the bytes of a head as Latin-1, uWebSockets.js as UTF-8. */
function utf8Of(text: string): string {
  return /[\x80-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString() : text
}

import { brokenText, changedCommand, validCommand } from './command-text.js'
import type { Dice } from './dice.js'

export interface HttpInput {
  readonly kind: string
  readonly bytes: Buffer
}

const METHODS = ['GET', 'POST', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS', 'PUT', 'TRACE', 'get', 'G\u0000T', '']
const PATHS = [
  '/',
  '/v1/socket',
  '/v1/uploads',
  '/v1/uploads/01JD7Z0V3N8W6XQ2K4T5R9M1AB',
  '/v1/uploads/../../etc/passwd',
  '/v1/videos/01JD7Z0V3N8W6XQ2K4T5R9M1AB/media',
  '/v1/videos/%2e%2e%2f/media',
  '/v1/commands/ping',
  '/v1/commands/constructor',
  '/metrics',
  '/healthz',
  '/readyz',
  '/%ff%00',
  `/${'a'.repeat(3000)}`,
  '*',
]
const ODD = [
  '',
  '-1',
  '0',
  '1e9',
  '99999999999999999999',
  'NaN',
  '0x10',
  '5, 5',
  'filename ====',
  'filename',
  '\u00ff\u00fe',
  ',,,',
]
const UPGRADE_HEADERS: readonly (readonly [string, string])[] = [
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Protocol', 'cuewire.v1'],
]
const TUS_HEADERS = [
  'Upload-Length',
  'Upload-Offset',
  'Upload-Metadata',
  'Upload-Checksum',
  'Tus-Resumable',
  'Content-Type',
  'Range',
]

export function httpInput(dice: Dice, host: string): HttpInput {
  switch (dice.below(6)) {
    case 0:
      return { kind: 'garbage instead of HTTP', bytes: dice.bytes(dice.between(1, 400)) }
    case 1:
      return { kind: 'odd request line', bytes: Buffer.from(oddRequestLine(dice, host), 'latin1') }
    case 2:
      return { kind: 'odd handshake', bytes: Buffer.from(oddHandshake(dice, host), 'latin1') }
    case 3:
      return { kind: 'odd tus request', bytes: Buffer.from(oddTus(dice, host), 'latin1') }
    case 4:
      return { kind: 'odd command over HTTP', bytes: Buffer.from(oddCommand(dice, host)) }
    default: {
      const bytes = Buffer.from(oddTus(dice, host), 'latin1')
      for (let flips = dice.between(1, 6); flips > 0; flips--) bytes[dice.below(bytes.length)] = dice.below(256)
      return { kind: 'flipped bytes in a request', bytes }
    }
  }
}

function oddRequestLine(dice: Dice, host: string): string {
  const version = dice.pick(['HTTP/1.1', 'HTTP/1.0', 'HTTP/9.9', 'http/1.1', ''])
  const end = dice.pick(['\r\n', '\n', '\r'])
  const many = Array.from({ length: dice.pick([0, 1, 120]) }, (_, index) => `X-${index}: ${dice.pick(ODD)}${end}`)
  const line = `${dice.pick(METHODS)} ${dice.pick(PATHS)} ${version}${end}`
  return `${line}Host: ${dice.pick([host, '', 'evil.example', host])}${end}${many.join('')}${end}`
}

function oddHandshake(dice: Dice, host: string): string {
  const headers = UPGRADE_HEADERS.flatMap(([name, value]) => {
    if (dice.chance(0.15)) return []
    if (dice.chance(0.15)) return [`${name}: ${dice.pick([...ODD, 'h2c', 'permessage-deflate', value.toUpperCase()])}`]
    return dice.chance(0.05) ? [`${name}: ${value}`, `${name}: ${value}`] : [`${name}: ${value}`]
  })
  const extensions = dice.chance(0.3)
    ? [`Sec-WebSocket-Extensions: ${dice.pick(['permessage-deflate; x=', ';;;', 'a,b'])}`]
    : []
  return [
    `${dice.pick(['GET', 'GET', 'POST'])} /v1/socket HTTP/1.1`,
    `Host: ${host}`,
    ...headers,
    ...extensions,
    '',
    '',
  ].join('\r\n')
}

function oddTus(dice: Dice, host: string): string {
  const value = (name: string) =>
    name === 'Tus-Resumable' && dice.chance(0.8) ? '1.0.0' : dice.pick([...ODD, '12', 'bytes=0-1'])
  const headers = TUS_HEADERS.filter(() => dice.chance(0.6)).map(name => `${name}: ${value(name)}`)
  const body = 'x'.repeat(dice.below(200))
  const length = dice.chance(0.7) ? String(body.length) : dice.pick(ODD)
  const framing = dice.chance(0.15) ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`
  const method = dice.pick(['POST', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS'])
  return [`${method} ${dice.pick(PATHS)} HTTP/1.1`, `Host: ${host}`, ...headers, framing, '', body].join('\r\n')
}

/** A command with its own data, or with a body that fits nothing. */
function oddCommand(dice: Dice, host: string): string {
  const { type, data } = JSON.parse(validCommand(dice, 'x')) as { readonly type: string; readonly data: object }
  const odd = dice.chance(0.5) ? changedCommand(dice, 'x') : brokenText(dice, 'x')
  const body = dice.chance(0.4) ? JSON.stringify(data) : odd
  const headers = ['Idempotency-Key', 'Traceparent']
    .filter(() => dice.chance(0.4))
    .map(name => `${name}: ${dice.pick(['k', ...ODD])}`)
  const contentType = `Content-Type: ${dice.pick(['application/json', 'application/json', ...ODD])}`
  const length = dice.chance(0.9) ? String(Buffer.byteLength(body)) : dice.pick(ODD)
  const head = [`POST /v1/commands/${type} HTTP/1.1`, `Host: ${host}`, ...headers, contentType]
  return [...head, `Content-Length: ${length}`, '', body].join('\r\n')
}

/** Characters of a header that the server still reads: uWebSockets.js takes 4 KiB for all of them. */
const LENGTH = 3500
const fill = (unit: string) => unit.repeat(Math.floor(LENGTH / unit.length))

const POST = 'POST /v1/uploads'
const GET = 'GET /v1/videos/01ARZ3NDEKTSV4RRFFQ69G5FAV/media'
const SOCKET = 'GET /v1/socket'

/** Requests with one header at full length: method with path, header, value. */
export const HEADER_CASES: readonly (readonly [string, string, string])[] = [
  ...['a ', 'a,', 'a QQ==,', '=', ' ', 'filename QUFB'].map(unit => [POST, 'upload-metadata', fill(unit)] as const),
  ...['1', '-'].map(unit => [POST, 'upload-length', fill(unit)] as const),
  ...['bytes=', '0-0,', '9', ' '].map(unit => [GET, 'range', `bytes=${fill(unit)}`] as const),
  ...['a', '[', ':', '1.'].map(unit => [GET, 'host', fill(unit)] as const),
  ...['a', 'http://'].map(unit => [GET, 'origin', fill(unit)] as const),
  ...[' ', 'a.', 'Bearer '].map(unit => [GET, 'authorization', `Bearer ${fill(unit)}`] as const),
  ...['a,', ' ,', 'bearer.,'].map(unit => [SOCKET, 'sec-websocket-protocol', fill(unit)] as const),
  ...['*/*,', 'a/b;q=', ';'].map(unit => [GET, 'accept', fill(unit)] as const),
  ...['"a",', 'W/'].map(unit => [GET, 'if-none-match', fill(unit)] as const),
]

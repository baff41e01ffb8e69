/** WebSocket subprotocol a client must offer. */
export const SUBPROTOCOL = 'cuewire.v1'

/** Protocol version announced in `hello`. */
export const PROTOCOL_VERSION = 1

/** The one path that speaks WebSocket. */
export const SOCKET_PATH = '/v1/socket'

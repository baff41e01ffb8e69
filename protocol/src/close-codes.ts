interface CloseCodeRow {
  readonly code: number
  readonly description: string
}

/**
 * WebSocket close codes. The range says what a client does, so that an old client can handle a new code:
 * 4000-4099 fatal, 4100-4199 reconnect after a delay, 4200-4299 reconnect now.
 */
export const CLOSE_CODES = {
  abuse: { code: 4000, description: '100 invalid frames in a row.' },
  draining: { code: 4100, description: 'The server is shutting down; `goodbye` says when to reconnect.' },
  expired: { code: 4101, description: 'The token has expired. Reconnect with a new one.' },
  silent: { code: 4102, description: 'No frame arrived within `limits.firstFrameMs`.' },
  slow: { code: 4200, description: 'The client reads too slowly. Reconnect and resume; no `reliable` event is lost.' },
} as const satisfies Record<string, CloseCodeRow>

export type CloseCodeName = keyof typeof CLOSE_CODES

export type CloseVerdict = 'fatal' | 'reconnect-later' | 'reconnect-now'

/** What a client does after a close. Codes outside 4000-4299 are network failures: reconnect after a delay. */
export function closeVerdict(code: number): CloseVerdict {
  if (code >= 4000 && code < 4100) return 'fatal'
  if (code >= 4200 && code < 4300) return 'reconnect-now'
  return 'reconnect-later'
}

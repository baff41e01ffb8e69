import type { ErrorDetail } from '@cuewire/protocol'

/** What a command over HTTP is answered with: its data, or a problem. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown> & { readonly code?: string; readonly details?: readonly ErrorDetail[] }
}

/** Sends a command to `POST /v1/commands/<name>`; a string is sent as it is. */
export async function postCommand(
  port: number,
  name: string,
  { data, headers }: { readonly data?: object | string; readonly headers?: Record<string, string> } = {},
): Promise<HttpAnswer> {
  const body = data === undefined || typeof data === 'string' ? data : JSON.stringify(data)
  const response = await fetch(`http://127.0.0.1:${port}/v1/commands/${name}`, {
    method: 'POST',
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as HttpAnswer['body'] }
}

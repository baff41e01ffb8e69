import { AppError } from '../../lib/app-error.js'

/** The connection failed or ended early. The request may be repeated. */
export class ConnectionCut extends AppError {
  constructor(host: string, cause: unknown) {
    super('model.missing', `the connection to ${host} failed: ${reasonOf(cause)}; try again to continue`, {
      cause,
    })
  }
}

/** An error for an unexpected HTTP status; `what` names the thing requested. */
export function statusError(status: number, host: string, about: { what: string; hasToken: boolean }): AppError {
  return new AppError('model.missing', `${host} answered ${status} for ${about.what}: ${meaningOf(status, about)}`)
}

function meaningOf(status: number, { hasToken }: { readonly hasToken: boolean }): string {
  switch (status) {
    case 401:
      return hasToken
        ? 'the token in CUEWIRE_HUB_TOKEN is not valid there'
        : 'it does not exist, or needs a token in CUEWIRE_HUB_TOKEN'
    case 403:
      return "access is refused; accept the repository's terms on the hub, or use a token that may read it"
    case 404:
      return 'there is no such repository, revision or file'
    default:
      return status >= 500 ? 'the hub has a fault; try again later' : 'this answer was not expected'
  }
}

/** The code of a network error. Messages of node-fetch contain whole URLs, which may be signed. */
function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' ? code : 'it ended early'
}

import { AppError } from '../../lib/app-error.js'
import { errorCode } from '../../lib/error-code.js'

/** The connection failed or ended early. The request may be repeated. */
export class ConnectionCut extends AppError {
  // Only the code of the cause is told: messages of node-fetch contain whole URLs, which may be signed.
  constructor(host: string, cause: unknown) {
    super(
      'model.missing',
      `the connection to ${host} failed: ${errorCode(cause) ?? 'it ended early'}; try again to continue`,
      {
        cause,
      },
    )
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

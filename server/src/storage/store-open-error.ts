/** Why a store cannot be opened; the message is for the operator and names the fix. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError'

  constructor(
    readonly code: 'store.newer' | 'store.unreadable',
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
  }
}

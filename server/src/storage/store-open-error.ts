import { SettingError } from '../lib/setting-error.js'

/** Why a store cannot be opened, now or later; the message is for the operator and names the fix. */
export class StoreOpenError extends SettingError {
  override readonly name = 'StoreOpenError'

  constructor(
    readonly code: 'store.newer' | 'store.unreadable',
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options)
  }
}

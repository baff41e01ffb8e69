/** A setting is wrong, or what it names does not work: trying again does not help. The message names the setting or the file. */
export class SettingError extends Error {
  override readonly name: string = 'SettingError'
}

/** Whether an error, or what caused it, is a fault of the settings. */
export function isSettingError(error: unknown): boolean {
  if (error instanceof SettingError) return true
  return error instanceof Error && isSettingError(error.cause)
}

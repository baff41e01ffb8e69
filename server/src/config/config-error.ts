import { SettingError } from '../lib/setting-error.js'

/** Invalid settings. The message lists every fault, one per line. */
export class ConfigError extends SettingError {
  override readonly name = 'ConfigError'

  constructor(faults: readonly string[]) {
    super(`wrong settings:\n  ${faults.join('\n  ')}`)
  }
}

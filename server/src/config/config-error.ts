/** Settings are faulty; the message lists every fault, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(faults: readonly string[]) {
    super(`wrong settings:\n  ${faults.join('\n  ')}`)
  }
}

import type * as Uws from 'uWebSockets.js'
import { createRequire } from 'node:module'
import { SettingError } from '../../lib/setting-error.js'

/** Largest request headers, as in Node's HTTP server. */
const MAX_HEADER_BYTES = 16 * 1024

/** uWebSockets.js does not load on this machine, though a setting may require it. The message says what to do. */
export class NativeModuleError extends SettingError {
  override readonly name = 'NativeModuleError'

  constructor(
    /** One line. */
    readonly reason: string,
    cause: unknown,
  ) {
    super(
      [
        `${reason}.`,
        'Its binary for Node 20 needs glibc 2.27 or later; those for Node 22 and later need glibc 2.38 (Debian 13, Ubuntu 24.04).',
        'Set CUEWIRE_TRANSPORT to auto or ws, use Node 20 or a newer system, or install another build: the README has a table under "Running for real".',
      ].join('\n'),
      { cause },
    )
  }
}

/** Loads uWebSockets.js, whose binary depends on the Node version and, on Linux, on glibc. Throws a NativeModuleError. */
export function loadUws(): typeof Uws {
  // uWS reads this when it is loaded. Its default limits headers that arrive in several packets to 4 KB.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(MAX_HEADER_BYTES)
  try {
    return createRequire(import.meta.url)('uWebSockets.js') as typeof Uws
  } catch (cause) {
    const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header
    const { version, platform, arch } = process
    const system = `Node ${version}, ${platform} ${arch}, glibc ${glibcVersionRuntime ?? 'none'}`
    throw new NativeModuleError(`uWebSockets.js has no binary that loads here (${system})`, cause)
  }
}

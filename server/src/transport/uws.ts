import type * as Uws from 'uWebSockets.js'
import { createRequire } from 'node:module'

/** Largest head of a request, as in Node's own HTTP server. */
const MAX_HEADER_BYTES = 16 * 1024

/** The native module cannot be loaded on this machine; the message says what would mend it. */
export class NativeModuleError extends Error {
  override readonly name = 'NativeModuleError'
}

/** Loads uWebSockets.js, whose binary depends on the Node version and, on Linux, on glibc. */
export function loadUws(): typeof Uws {
  // uWS reads its one setting when it is loaded. By default headers that come in several packets may have 4 KB only.
  process.env['UWS_HTTP_MAX_HEADERS_SIZE'] ??= String(MAX_HEADER_BYTES)
  try {
    return createRequire(import.meta.url)('uWebSockets.js') as typeof Uws
  } catch (cause) {
    const { glibcVersionRuntime } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } }).header
    throw new NativeModuleError(
      [
        `uWebSockets.js has no binary that loads here: Node ${process.version}, ${process.platform} ${process.arch}, glibc ${glibcVersionRuntime ?? 'none'}.`,
        'Its Node 20 binary needs glibc 2.27 or later, those for Node 22 and later need glibc 2.38 (Debian 13, Ubuntu 24.04).',
        'Run Cuewire with Node 20, or on a newer system; the README has a table under "Running for real".',
      ].join('\n'),
      { cause },
    )
  }
}

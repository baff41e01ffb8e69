import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { atMost } from '../lib/goal.js'
import { table } from '../lib/table.js'
import type { Scenario } from './scenario.js'

const TARGET_BYTES = 12 * 1024

/** The size of the client SDK in a browser. */
export const sdk: Scenario = async ({ progress }) => {
  progress('bundling the client SDK')
  const { outputFiles } = await build({
    stdin: { contents: "export * from '@cuewire/client'", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
  })
  const code = outputFiles[0]?.contents ?? new Uint8Array()
  const gzipped = gzipSync(code, { level: 9 }).byteLength
  const text = table([
    ['client SDK in a browser', 'bytes', 'target'],
    ['minified', code.length.toLocaleString('en'), '-'],
    ['and gzipped', gzipped.toLocaleString('en'), `<= ${TARGET_BYTES.toLocaleString('en')}`],
  ])
  const goals = [
    atMost('client SDK, minified and gzipped', TARGET_BYTES, { value: gzipped, unit: ' bytes', digits: 0 }),
  ]
  return { data: { targetBytes: TARGET_BYTES, minified: code.length, gzipped }, text, goals }
}

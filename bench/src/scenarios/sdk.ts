import { bundleClient } from '../lib/browser-bundle.js'
import { atMost } from '../lib/goal.js'
import { table } from '../lib/table.js'
import type { Scenario } from './scenario.js'

const TARGET_BYTES = 12 * 1024

/** The size of the client SDK in a browser. */
export const sdk: Scenario = async ({ progress }) => {
  progress('bundling the client SDK')
  const { code, gzippedBytes } = await bundleClient()
  const text = table([
    ['client SDK in a browser', 'bytes', 'target'],
    ['minified', code.length.toLocaleString('en'), '-'],
    ['and gzipped', gzippedBytes.toLocaleString('en'), `<= ${TARGET_BYTES.toLocaleString('en')}`],
  ])
  const goals = [
    atMost('client SDK, minified and gzipped', TARGET_BYTES, { value: gzippedBytes, unit: ' bytes', digits: 0 }),
  ]
  return { data: { targetBytes: TARGET_BYTES, minified: code.length, gzipped: gzippedBytes }, text, goals }
}

import { bundleClient } from '@cuewire/bench/lib/browser-bundle.js'
import t from 'tap'

const LIMIT_BYTES = 12 * 1024

t.test('the browser bundle is small, needs no eval, and holds neither ws nor the schemas', async t => {
  const { code, gzippedBytes: bytes, inputs } = await bundleClient()
  t.comment(`${code.length} bytes minified, ${bytes} gzipped`)
  t.ok(bytes > 1000, 'it holds the client')
  t.ok(bytes <= LIMIT_BYTES, `${bytes} bytes of ${LIMIT_BYTES}`)
  t.notMatch(code, /\beval\b|\bnew Function\b|[^\w.]Function\(/)
  const foreign = inputs.filter(path => /node_modules|commands|entities/.test(path))
  t.same(foreign, [])
})

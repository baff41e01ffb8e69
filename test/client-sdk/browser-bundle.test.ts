import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import t from 'tap'

const LIMIT_BYTES = 12 * 1024

t.test('the browser bundle is small, needs no eval, and holds neither ws nor the schemas', async t => {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from '@cuewire/client'", resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    metafile: true,
    write: false,
  })
  const code = outputFiles[0]?.text ?? ''
  const bytes = gzipSync(code, { level: 9 }).byteLength
  t.comment(`${code.length} bytes minified, ${bytes} gzipped`)
  t.ok(bytes > 1000, 'it holds the client')
  t.ok(bytes <= LIMIT_BYTES, `${bytes} bytes of ${LIMIT_BYTES}`)
  t.notMatch(code, /\beval\b|\bnew Function\b|[^\w.]Function\(/)
  const foreign = Object.keys(metafile.inputs).filter(path => /node_modules|commands|entities/.test(path))
  t.same(foreign, [])
})

import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

export interface BrowserBundle {
  readonly code: string
  /** Size of the code, compressed. */
  readonly gzippedBytes: number
  /** The files that went into it. */
  readonly inputs: readonly string[]
}

/** The client SDK as a browser loads it: one minified module. */
export async function bundleClient(): Promise<BrowserBundle> {
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
  return { code, gzippedBytes: gzipSync(code, { level: 9 }).byteLength, inputs: Object.keys(metafile.inputs) }
}

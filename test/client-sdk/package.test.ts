import { execFile } from 'node:child_process'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { build } from 'esbuild'
import t from 'tap'
import { clipMaker } from '../support/clips.js'
import { startServer } from '../support/server.js'

const run = promisify(execFile)
const EXAMPLE = 'client-sdk/examples/ask.mjs'
const OFFLINE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/

// Outside the checkout, whose node_modules would otherwise lend what the package does not bring.
const folder = await mkdtemp(join(tmpdir(), 'cuewire-package-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const skip = await installPackage()

t.test('the package as npm packs it installs alone, with its types', { skip }, async t => {
  const example = await readFile(EXAMPLE, 'utf8')
  await writeFile(join(folder, 'ask.mts'), example)
  await writeFile(join(folder, 'snippets.mts'), await readmeSnippets())
  await writeFile(join(folder, 'page.ts'), `import { type Client, connect } from '@cuewire/client'\n${PAGE}`)
  const types = { skipLibCheck: true, types: ['node'], typeRoots: [resolve('node_modules/@types')] }
  t.equal(await typeCheck(['ask.mts', 'snippets.mts'], { module: 'nodenext', ...types }), '', 'in Node')
  const browser = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023', 'dom'], types: [] }
  t.equal(await typeCheck(['page.ts'], browser), '', 'with a bundler, where there are no types of Node')
})

t.test('a bundler makes a browser bundle of it, without anything of Node', { skip }, async t => {
  const { outputFiles, warnings } = await build({
    stdin: { contents: "export * from '@cuewire/client'", resolveDir: folder },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  })
  t.same(warnings, [])
  t.match(outputFiles[0]?.text, /cuewire\.v1/)
})

t.test('the example of the README shows a transcript and an answer', { skip }, async t => {
  const { make, path, write } = await clipMaker(t)
  const subtitles = await write(
    'harbour.srt',
    '1\n00:00:01,000 --> 00:00:04,000\nThe boats leave the harbour at dawn.\n',
  )
  const clip = await make('harbour.mkv', [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=6', '-i', subtitles],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:s', 'srt'],
  ])
  const { port } = await startServer(t, { CUEWIRE_MODELS_DIR: path('models'), CUEWIRE_DATA_DIR: path('data') })
  const { code, stdout, stderr } = await ask(port, clip)
  t.equal(code, 0, stderr)
  t.match(stderr, /name: 'objects',\n {2}state: 'skipped'.*models pull objects-centernet/s, 'what was skipped is told')
  t.match(stdout, /^1 The boats leave the harbour at dawn\.\n.*leave the harbour at dawn\. \[1\]\n {2}\[1\] \d+ s\n/s)
})

t.test('the example ends, with the cause, when the job fails', { skip }, async t => {
  const { plain, path, write } = await clipMaker(t)
  const { ffmpeg } = await findBinaries({})
  // An ffmpeg that tells its version and then breaks, as one that lacks a library does.
  const broken = await write('ffmpeg', `#!/bin/sh\ncase "$*" in *-version*) exec '${ffmpeg}' "$@" ;; esac\nexit 3\n`)
  await chmod(broken, 0o755)
  const environment = { FFMPEG_PATH: broken, CUEWIRE_MODELS_DIR: path('models'), CUEWIRE_DATA_DIR: path('data') }
  const { port } = await startServer(t, environment)
  const { code, stderr } = await ask(port, await plain())
  t.equal(code, 1)
  t.match(stderr, /Error: .*ffmpeg/)
})

/** Packs the client and installs the tarball in an empty project; the reason to skip when no registry can be reached. */
async function installPackage(): Promise<string | false> {
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  await run('npm', ['pack', '-w', '@cuewire/client', '--pack-destination', folder])
  try {
    const quiet = ['--no-audit', '--no-fund', '--fetch-retries', '0']
    await run('npm', ['install', './cuewire-client-0.1.0.tgz', ...quiet], { cwd: folder })
  } catch (error) {
    if (error instanceof Error && OFFLINE.test(error.message)) return 'no package registry can be reached'
    throw error
  }
  await copyFile(EXAMPLE, join(folder, 'ask.mjs'))
  return false
}

/** Runs the installed example against a server on this port. */
async function ask(port: number, clip: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const file = join(folder, 'ask-here.mjs')
  await writeFile(file, (await readFile(join(folder, 'ask.mjs'), 'utf8')).replace('8787', String(port)))
  return new Promise(done => {
    execFile(process.execPath, [file, clip], { timeout: 60_000 }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** What the compiler finds in these files, and in our declarations unless it is told to skip them. */
async function typeCheck(files: readonly string[], options: object): Promise<string> {
  const strict = { noEmit: true, strict: true, exactOptionalPropertyTypes: true, target: 'es2023' }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...strict, ...options }, files }))
  return new Promise(done => {
    const tsc = resolve('node_modules/typescript/bin/tsc')
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], (_, stdout) => done(stdout))
  })
}

/** The code of the package's README as one module; each piece in a function that has what the text supposes. */
async function readmeSnippets(): Promise<string> {
  const readme = await readFile(join(folder, 'node_modules/@cuewire/client/README.md'), 'utf8')
  const pieces = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)
  const imports = new Set(pieces.flatMap(code => code.match(/^import .*$/gm) ?? []))
  const supposed =
    'client: Client, url: string, videoId: string, file: File, text: string, signal: AbortSignal, error: ConnectionError'
  const bodies = pieces.map((code, index) => {
    return `export async function piece${index}(${supposed}) {{\n${code.replaceAll(/^import .*$/gm, '')}\n}}`
  })
  return ["import type { Client, ConnectionError } from '@cuewire/client'", ...imports, ...bodies].join('\n')
}

const PAGE = `
export async function titles(client: Client, file: File): Promise<string[]> {
  await client.upload(file)
  const { videos } = await client.video.list()
  return videos.map(video => video.title)
}
export const open = () => connect(location.href)
`

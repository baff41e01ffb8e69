import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Where a proxy works and listens. */
interface Place {
  readonly folder: string
  readonly port: number
}

/** A reverse proxy that the README has snippets for. */
export interface ReverseProxy {
  readonly command: string
  /** Prints its version. */
  readonly version: string
  /** Arguments that run it in the foreground. */
  readonly run: (configFile: string, folder: string) => readonly string[]
  /** Its configuration as the README has it, at the root of a host or below `/cuewire`, where the server is port 8787. */
  readonly config: (where: 'root' | 'prefix', place: Place) => string
}

const nginx: ReverseProxy = {
  command: 'nginx',
  version: '-v',
  run: (configFile, folder) => ['-e', 'stderr', '-p', folder, '-c', configFile],
  config: (where, place) => {
    const [root = '', prefix = '', map = ''] = readmeSnippets('nginx', 3)
    return nginxConfig(place, where === 'root' ? root : prefix, map)
  },
}

const caddy: ReverseProxy = {
  command: 'caddy',
  version: 'version',
  run: configFile => ['run', '--adapter', 'caddyfile', '--config', configFile],
  config: (where, { port }) => {
    const [root = '', prefix = ''] = readmeSnippets('caddyfile', 2)
    const site = (where === 'root' ? root : prefix).replace('video.example.org', `http://127.0.0.1:${port}`)
    return `{\n  admin off\n  log {\n    level ERROR\n  }\n}\n${site}`
  },
}

const haproxy: ReverseProxy = {
  command: 'haproxy',
  version: '-v',
  run: configFile => ['-db', '-q', '-f', configFile],
  config: (where, { port }) => {
    const [root = '', prefix = ''] = readmeSnippets('haproxy', 2)
    const defaults = root.slice(0, root.indexOf('frontend'))
    return (where === 'root' ? root : defaults + prefix).replace(/bind .*/, `bind 127.0.0.1:${port}`)
  },
}

export const PROXIES: readonly ReverseProxy[] = [nginx, caddy, haproxy]

/** nginx with its own default towards a server. */
export const PLAIN_NGINX: ReverseProxy = {
  ...nginx,
  config: (_, place) => nginxConfig(place, 'location / { proxy_pass http://127.0.0.1:8787; }'),
}

/** Why a test that needs the proxy is skipped, or false. */
export function withoutProxy({ command, version }: ReverseProxy): string | false {
  try {
    execFileSync(command, [version], { stdio: 'ignore' })
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return `${command} is not installed`
    throw error
  }
}

interface StartOptions {
  readonly where: 'root' | 'prefix'
  readonly folder: string
  /** Port of the server. */
  readonly upstream: number
}

/** Runs a proxy in front of a server until the test ends; resolves with its port. */
export async function startProxy(
  t: Test,
  proxy: ReverseProxy,
  { where, folder, upstream }: StartOptions,
): Promise<number> {
  const port = await freePort()
  const configFile = join(folder, `${proxy.command}.conf`)
  await mkdir(folder)
  const config = proxy.config(where, { folder, port }).replaceAll('127.0.0.1:8787', `127.0.0.1:${upstream}`)
  await writeFile(configFile, config)
  const child = spawn(proxy.command, proxy.run(configFile, folder), {
    stdio: 'inherit',
    // Caddy writes into the home of its user.
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  })
  t.teardown(async () => {
    if (child.exitCode !== null) return
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    await exit
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${proxy.command} ended with ${child.exitCode}`)
    if (await answers(port)) return port
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

function readmeSnippets(language: string, count: number): string[] {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([^\`]*)\`\`\``, 'g'))]
  if (blocks.length !== count) throw new Error(`the README has ${blocks.length} snippets for ${language}, not ${count}`)
  return blocks.map(([, block = '']) => `${block.trimEnd()}\n`)
}

function nginxConfig({ folder, port }: Place, server: string, http = ''): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
    ${process.getuid?.() === 0 ? 'user root;' : ''}
    daemon off;
    pid ${join(folder, 'nginx.pid')};
    error_log ${join(folder, 'error.log')};
    events {}
    http {
      access_log off;
      ${temporary.map(name => `${name}_temp_path ${join(folder, name)};`).join('\n')}
      ${http}
      server {
        listen 127.0.0.1:${port};
        ${server}
      }
    }`
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}

/** Not every proxy can be told to take any free port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('the socket has no port')
  return address.port
}

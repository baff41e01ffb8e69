import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Test } from 'tap'

/** Why a test that needs nginx is skipped, or false. */
export function withoutNginx(): string | false {
  try {
    execFileSync('nginx', ['-v'], { stdio: 'ignore' })
    return false
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'nginx is not installed'
    throw error
  }
}

/** The snippets of the README: at the root, below a prefix, and the map both need. */
export function readmeSnippets(): { readonly root: string; readonly prefix: string; readonly map: string } {
  const blocks = [...readFileSync('README.md', 'utf8').matchAll(/```nginx\n([^`]*)```/g)].map(([, block = '']) => block)
  const [root, prefix, map] = blocks
  if (!root || !prefix || !map) throw new Error('the README has no snippets for nginx')
  return { root, prefix, map }
}

/** nginx with these blocks of configuration in front of a server, until the test ends; resolves with its port. */
export async function startNginx(
  t: Test,
  { folder, upstream, http, server }: { folder: string; upstream: number; http: string; server: string },
): Promise<number> {
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const config = `
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
        ${server.replaceAll('127.0.0.1:8787', `127.0.0.1:${upstream}`)}
      }
    }`
  await writeFile(join(folder, 'nginx.conf'), config)
  const child = spawn('nginx', ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'inherit' })
  t.teardown(async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await once(child, 'exit')
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    if (await answers(port)) return port
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function answers(port: number): Promise<boolean> {
  return await fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}

/** nginx cannot be told to take any free port. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('the socket has no port')
  return address.port
}

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export const REPO = 'someone/some-model'
export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

interface HubFile {
  readonly path: string
  readonly content: Buffer
  /** Kept with Git LFS: the hub gives its SHA-256, and redirects to another host. */
  readonly lfs: boolean
}

interface Asked {
  readonly host: 'hub' | 'storage'
  readonly path: string
  readonly authorization: string | undefined
  readonly range: string | undefined
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** Two local servers laid out as Hugging Face's hub: the hub itself, and the storage of its LFS files. */
export class FakeHub {
  /** Every request, in order. */
  readonly asked: Asked[] = []
  /** What the hub says of itself; a test may make it lie. */
  commit = COMMIT
  siblings: Record<string, unknown>[]
  /** Headers that `/resolve/` gives in place of the right ones. */
  headers: Record<string, string> = {}
  url = ''
  storageUrl = ''
  readonly #files: readonly HubFile[]
  readonly #repo: string
  readonly #next: { readonly host: Asked['host']; readonly part: string; readonly answer: Answer }[] = []

  private constructor(files: readonly HubFile[], repo: string) {
    this.#files = files
    this.#repo = repo
    this.siblings = [{ rfilename: '.gitattributes', blobId: blobId(Buffer.of()), size: 0 }, ...files.map(siblingOf)]
  }

  /** Serves these files at `COMMIT`, which is also `main`. Both servers close with the test. */
  static async open(t: Test, files: readonly HubFile[], repo = REPO): Promise<FakeHub> {
    const hub = new FakeHub(files, repo)
    hub.storageUrl = await listen(t, (request, response) => hub.#serve('storage', request, response))
    hub.url = await listen(t, (request, response) => hub.#serve('hub', request, response))
    return hub
  }

  /** Answers the next request of a host for a path with `part` in it this way, once. */
  next(host: Asked['host'], part: string, answer: Answer): void {
    this.#next.push({ host, part, answer })
  }

  /**
   * The next download of an LFS file gets its first bytes and no more, until the function that is given back cuts the
   * connection.
   */
  hold(bytes: number, content: Buffer): () => void {
    let held: ServerResponse | undefined
    this.next('storage', '/', (_request, response) => {
      held = response
      response.setHeader('content-length', content.length)
      response.write(content.subarray(0, bytes))
    })
    return () => held?.destroy()
  }

  #serve(host: Asked['host'], request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    const { authorization, range } = request.headers
    this.asked.push({ host, path, authorization, range })
    const at = this.#next.findIndex(next => next.host === host && path.includes(next.part))
    const [next] = at < 0 ? [] : this.#next.splice(at, 1)
    if (next) next.answer(request, response)
    else if (host === 'hub') this.#answerAsHub(path, request, response)
    else this.#answerAsStorage(path, request, response)
  }

  #answerAsHub(path: string, request: IncomingMessage, response: ServerResponse): void {
    if ([this.commit, 'main'].some(name => path === `/api/models/${this.#repo}/revision/${name}?blobs=true`)) {
      response.end(JSON.stringify({ id: this.#repo, sha: this.commit, siblings: this.siblings }))
      return
    }
    const file = this.#files.find(file => path === `/${this.#repo}/resolve/${this.commit}/${file.path}`)
    if (!file) {
      response.writeHead(404).end('Entry not found')
      return
    }
    response.setHeader('x-repo-commit', this.commit)
    if (!file.lfs) response.setHeader('etag', `"${blobId(file.content)}"`)
    else {
      response.setHeader('x-linked-etag', `"${sha256(file.content)}"`)
      response.setHeader('x-linked-size', file.content.length)
      response.setHeader('location', `${this.storageUrl}/${sha256(file.content)}?signature=secret`)
      response.statusCode = 302
    }
    for (const [name, value] of Object.entries(this.headers)) response.setHeader(name, value)
    if (file.lfs) response.end('Found')
    else send(file.content, request, response)
  }

  #answerAsStorage(path: string, request: IncomingMessage, response: ServerResponse): void {
    const file = this.#files.find(({ content }) => path.startsWith(`/${sha256(content)}`))
    if (file) send(file.content, request, response)
    else response.writeHead(404).end()
  }
}

function send(content: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1]
  if (from === undefined) {
    response.setHeader('content-length', content.length)
    response.end(content)
    return
  }
  const rest = content.subarray(Number(from))
  response.writeHead(206, {
    'content-length': rest.length,
    'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
  })
  response.end(rest)
}

async function listen(t: Test, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function siblingOf({ path, content, lfs }: HubFile): Record<string, unknown> {
  const size = content.length
  if (!lfs) return { rfilename: path, size, blobId: blobId(content) }
  const pointer = { sha256: sha256(content), size, pointerSize: 134 }
  return { rfilename: path, size, blobId: blobId(Buffer.from('a pointer')), lfs: pointer }
}

export function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

/** The id of a git blob. */
function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')
}

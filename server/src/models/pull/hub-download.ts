import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rm, stat } from 'node:fs/promises'
import { AppError } from '../../lib/app-error.js'
import { ignoreMissing } from '../../lib/ignore-missing.js'
import { type HubAnswer, type HubClient, MAX_ATTEMPTS } from './hub-client.js'
import { ConnectionCut } from './hub-errors.js'
import type { HubEntry } from './hub-listing.js'

export interface Download {
  readonly hub: string
  readonly commit: string
  readonly entry: HubEntry
  /** The partial file. It is continued if it exists, and kept when the connection is cut. */
  readonly part: string
  readonly signal: AbortSignal
  /** Reports how many bytes of the file are on disk. */
  onBytes(done: number): void
}

/** Downloads a file, continuing a partial one, and verifies the hash of the whole. Returns its SHA-256. */
export async function downloadFile(client: HubClient, download: Download): Promise<string> {
  const { entry, part, signal } = download
  const what = `${entry.path} of ${download.hub}`
  let done = await sizeOf(part)
  for (let attempt = 1; done !== entry.bytes; ) {
    try {
      await fetchRest(client, download, what)
      break
    } catch (error) {
      if (!(error instanceof ConnectionCut) || attempt === MAX_ATTEMPTS) throw error
      const now = await sizeOf(part)
      // An attempt that made progress does not count as failed.
      attempt = now > Math.max(done, 0) ? 1 : attempt + 1
      done = now
      await client.backOff(attempt, signal)
    }
  }
  return await checkWhole(download, what)
}

async function fetchRest(client: HubClient, download: Download, what: string): Promise<void> {
  const { hub, commit, entry, part, signal } = download
  const file = await open(part, 'a')
  try {
    const { size } = await file.stat()
    const from = size > 0 && size < entry.bytes ? { from: size } : {}
    const path = `${hub}/resolve/${commit}/${entry.path.split('/').map(encodeURIComponent).join('/')}`
    await client.get({ path, what, signal, ...from }, answer => append(answer, download, { file, what, ...from }))
  } finally {
    await file.close()
  }
}

async function append(
  answer: HubAnswer,
  { entry, commit, onBytes }: Download,
  { file, what, from = 0 }: { readonly file: FileHandle; readonly what: string; readonly from?: number },
): Promise<void> {
  assertSameFile(answer, { entry, commit, what })
  const start = answer.status === 206 ? from : 0
  if (answer.status === 416 || (answer.status === 206 && !rangeStarts(answer, from))) {
    await file.truncate(0)
    throw new AppError(
      'model.missing',
      `the hub does not continue ${what} at byte ${from}; pull it again from the start`,
    )
  }
  const announced = answer.headers.get('content-length')
  if (announced !== null && Number(announced) !== entry.bytes - start) {
    throw new AppError('model.corrupt', `the hub sends ${announced} bytes of ${what}, not ${entry.bytes - start}`)
  }
  if (start === 0) await file.truncate(0)
  let done = start
  onBytes(done)
  for await (const chunk of answer.body) {
    done += chunk.length
    if (done > entry.bytes) {
      await file.truncate(0)
      throw new AppError('model.corrupt', `the hub sends more than the ${entry.bytes} bytes of ${what}`)
    }
    await file.appendFile(chunk)
    onBytes(done)
  }
  if (done < entry.bytes) {
    throw new AppError('model.corrupt', `the hub sent ${done} bytes of ${what}, not ${entry.bytes}`)
  }
}

/** Whether a 206 starts at the requested byte. */
function rangeStarts({ headers }: HubAnswer, from: number): boolean {
  return headers.get('content-range')?.startsWith(`bytes ${from}-`) ?? false
}

/** Throws if the headers of the hub's own response contradict its listing. A mirror may leave them out. */
function assertSameFile(
  { hubHeaders }: HubAnswer,
  { entry, commit, what }: { readonly entry: HubEntry; readonly commit: string; readonly what: string },
): void {
  const etag = (name: string) => hubHeaders.get(name)?.replace(/^W\//, '').replaceAll('"', '')
  const expected = [
    ['commit', hubHeaders.get('x-repo-commit'), commit],
    ['size', hubHeaders.get('x-linked-size'), String(entry.bytes)],
    // Etags differ between hubs, so only those that look like one of the two hashes are compared.
    ['hash', hashOfLength(64, etag('x-linked-etag')), entry.sha256],
    ['hash', hashOfLength(40, etag('etag')), entry.gitBlob],
  ] as const
  const wrong = expected.find(([, said, listed]) => said && listed !== undefined && said !== listed)
  if (wrong) {
    const [name, said, listed] = wrong
    throw new AppError('model.corrupt', `the hub gives ${what} with ${name} ${said}, but listed ${listed}`)
  }
}

function hashOfLength(length: number, tag: string | undefined): string | undefined {
  return tag !== undefined && tag.length === length && /^[0-9a-f]+$/.test(tag) ? tag : undefined
}

/** Verifies the hash of the whole file, and removes the file if it is wrong. */
async function checkWhole({ entry, part, signal }: Download, what: string): Promise<string> {
  const sha256 = createHash('sha256')
  const gitBlob = createHash('sha1').update(`blob ${entry.bytes}\0`)
  for await (const chunk of createReadStream(part, { highWaterMark: 1 << 20, signal })) {
    sha256.update(chunk)
    gitBlob.update(chunk)
  }
  const hash = sha256.digest('hex')
  const isListed = entry.sha256 === undefined ? gitBlob.digest('hex') === entry.gitBlob : hash === entry.sha256
  if (isListed) return hash
  await rm(part, { force: true })
  throw new AppError('model.corrupt', `${what} does not have the hash that the hub lists; nothing was installed`)
}

/** Bytes of a file; -1 when there is none. */
async function sizeOf(path: string): Promise<number> {
  return (await ignoreMissing(stat(path)))?.size ?? -1
}

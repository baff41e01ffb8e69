import type { SubtitlesInput, Video } from '#protocol'
import { checkNumber } from './check-number.js'
import { ClientError, RemoteError } from './errors.js'
import type { SendCommand } from './methods.js'
import type { Settings } from './options.js'
import { backoffMs } from './reconnect.js'
import { sleep } from './sleep.js'
import { TusUpload } from './tus.js'
import { type ByteSource, byteSource, filenameOf, type UploadSource } from './upload-source.js'

export type { ByteSource, UploadSource } from './upload-source.js'

export interface UploadProgress {
  /** Bytes the server has confirmed. */
  readonly sentBytes: number
  readonly totalBytes: number
}

export interface UploadOptions {
  /** Needed unless the source is a File. */
  readonly filename?: string
  readonly title?: string
  /** Used in place of speech recognition. */
  readonly subtitles?: SubtitlesInput
  /** Bytes in one request. @default 8 MiB */
  readonly chunkBytes?: number
  /** Called at the start and whenever the server has confirmed more. */
  readonly onProgress?: (progress: UploadProgress) => void
  /** Stops the upload; what was sent expires on the server. */
  readonly signal?: AbortSignal
}

interface UploadTools {
  readonly send: SendCommand
  readonly settings: Settings
}

const CHUNK_BYTES = 8 * 1024 * 1024
/** Consecutive failures, without a confirmed byte in between, after which an upload fails. */
const MAX_FAILURES = 8
const GONE = { code: 'upload.not_found', message: 'the server no longer has the unfinished upload', retryable: false }
const RETRY = { baseMs: 250, capMs: 10_000 }

/**
 * Reserves an upload, sends the bytes in chunks and resolves with the video. After a failed chunk it continues from the
 * server's offset. A refusal is a RemoteError.
 */
export async function upload(tools: UploadTools, source: UploadSource, options: UploadOptions): Promise<Video> {
  const { title, subtitles, signal } = options
  const bytes = byteSource(source)
  const reservation = {
    filename: filenameOf(source, options.filename),
    sizeBytes: bytes.sizeBytes,
    ...(title !== undefined && { title }),
    ...(subtitles !== undefined && { subtitles }),
  }
  const { upload: place } = await tools.send('video.create', reservation, signal && { signal })
  const { fetch, token, httpUrl } = tools.settings
  const tus = new TusUpload(uploadUrl(httpUrl, place.url), { fetch, token, signal })
  const answered = await sendBytes(tus, bytes, place.offset, options)
  return finishedVideo(tools.send, place.videoId, { answered, signal })
}

/** Sends every byte from `offset` on. False when the server took them all but its last answer was lost. */
async function sendBytes(tus: TusUpload, bytes: ByteSource, offset: number, options: UploadOptions): Promise<boolean> {
  const totalBytes = bytes.sizeBytes
  const chunkBytes = checkNumber('chunkBytes', options.chunkBytes ?? CHUNK_BYTES, 1, Number.MAX_SAFE_INTEGER)
  const report = (sentBytes: number) => options.onProgress?.({ sentBytes, totalBytes })
  let at = offset
  let failures = 0
  report(at)
  while (at < totalBytes) {
    try {
      const standsAt = failures > 0 ? await tus.offset() : at
      // A complete upload no longer exists as an upload; `video.get` then says how it ended.
      if (standsAt === totalBytes || (standsAt === undefined && at + chunkBytes >= totalBytes)) {
        report(totalBytes)
        return false
      }
      if (standsAt === undefined) throw new RemoteError(GONE)
      at = await tus.append(standsAt, await bytes.read(standsAt, Math.min(standsAt + chunkBytes, totalBytes)))
      failures = 0
      report(at)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!isRetryable(error) || failures >= MAX_FAILURES) throw error
      await sleep(backoffMs(failures++, RETRY), options.signal)
      options.signal?.throwIfAborted()
    }
  }
  return true
}

async function finishedVideo(
  send: SendCommand,
  videoId: string,
  { answered, signal }: { readonly answered: boolean; readonly signal: AbortSignal | undefined },
): Promise<Video> {
  for (let failures = 0; ; failures++) {
    try {
      return (await send('video.get', { videoId }, signal && { signal })).video
    } catch (error) {
      // Without the last answer, the server may still be reading the file.
      const late = !answered && error instanceof RemoteError && error.code === 'video.not_found'
      if (failures >= MAX_FAILURES || !(late || isRetryable(error))) throw error
      await sleep(backoffMs(failures, RETRY), signal)
      signal?.throwIfAborted()
    }
  }
}

const isRetryable = (error: unknown): boolean => error instanceof ClientError && error.retryable

/** The path must be on the same server, so that no reply can redirect the bytes. */
function uploadUrl(httpUrl: string, path: string): string {
  if (path.startsWith('/') && !path.startsWith('//')) return httpUrl + path
  throw new ClientError(`the server named an upload address that is no path of its own: ${path}`)
}

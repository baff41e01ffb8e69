import type { Seconds, Video } from '@cuewire/protocol'
import { openOriginal } from '../../domain/library/original.js'
import { type Stills, trackOf } from '../../domain/library/stills.js'
import { AppError } from '../../lib/app-error.js'
import type { Tenants } from '../../sessions/tenants.js'
import type { OpenBlob } from '../../storage/blobs.js'
import { isKnown } from './conditional.js'
import { errorReply } from './error-reply.js'
import type { Exchange } from './exchange.js'
import { parseRange } from './range.js'
import type { Route } from './router.js'

/** Latest time that can be requested, in seconds: 100 hours. */
const MAX_SECONDS = 360_000

interface MediaRoutesOptions {
  readonly tenants: Tenants
  readonly stills: Stills
}

/** The original file with ranges, its poster and storyboard, and the picture at any time. */
export function mediaRoutes({ tenants, stills }: MediaRoutesOptions): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/videos/:id/media',
      scope: 'read',
      handle: async (exchange, { id = '' }, { tenant }) => {
        const { services, blobs } = tenants.of(tenant)
        const video = await services.videos.get(id)
        await using original = await openOriginal(blobs, video.id)
        await sendBlob(exchange, original, contentType(video))
      },
    },
    {
      method: 'GET',
      path: '/v1/videos/:id/poster.jpg',
      scope: 'read',
      handle: async (exchange, { id = '' }, { tenant }) => {
        const { videos } = tenants.of(tenant).services
        await using poster = await videos.poster(id)
        await sendBlob(exchange, poster, 'image/jpeg')
      },
    },
    ...STORYBOARD.map(
      ({ path, part, type }): Route => ({
        method: 'GET',
        path,
        scope: 'read',
        handle: async (exchange, { id = '' }, { tenant }) => {
          await using found = await tenants.of(tenant).services.videos.storyboard(id, part)
          await sendBlob(exchange, found, type)
        },
      }),
    ),
    {
      method: 'GET',
      path: '/v1/videos/:id/frames/:name',
      scope: 'read',
      handle: async (exchange, { id = '', name }, { tenant }) => {
        const { services, blobs } = tenants.of(tenant)
        const video = await services.videos.get(id)
        const at = timeOf(name)
        // Weak, because another ffmpeg may encode the same picture differently.
        const track = trackOf(video.media)
        const etag = track === undefined ? `W/"${at}"` : `W/"${at}-${track}"`
        const headers = { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=86400', etag, ...SAFE }
        if (isKnown(exchange.header('if-none-match'), etag)) return exchange.reply(304, headers)
        exchange.reply(200, headers, await stills.picture({ blobs, video, at }, exchange.signal))
      },
    },
  ]
}

const STORYBOARD = [
  { path: '/v1/videos/:id/storyboard.jpg', part: 'storyboard', type: 'image/jpeg' },
  { path: '/v1/videos/:id/storyboard.vtt', part: 'storyboardTimes', type: 'text/vtt; charset=utf-8' },
] as const

/** Never let a browser run uploaded bytes as a page of this server. */
const SAFE = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" } as const

async function sendBlob(exchange: Exchange, blob: OpenBlob, type: string): Promise<void> {
  const size = blob.sizeBytes
  const etag = `"${blob.version}"`
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', etag, ...SAFE }
  if (isKnown(exchange.header('if-none-match'), etag)) return exchange.reply(304, headers)
  const range = rangeOf(exchange, { etag, size })
  if (range === 'unsatisfiable') {
    const problem = errorReply(new AppError('http.range', `The range is outside the file, which has ${size} bytes.`))
    return exchange.reply(problem.status, { ...problem.headers, 'content-range': `bytes */${size}` }, problem.body)
  }
  const { start, end } = range ?? { start: 0, end: size }
  const contentRange = { 'content-range': `bytes ${start}-${end - 1}/${size}` }
  await exchange.stream(range ? 206 : 200, { ...headers, ...(range && contentRange) }, end - start, () =>
    blob.read({ start, end }),
  )
}

/** The requested range. Only GET supports ranges (RFC 9110, 14.2), and If-Range must match the file. */
function rangeOf(
  exchange: Exchange,
  { etag, size }: { readonly etag: string; readonly size: number },
): ReturnType<typeof parseRange> {
  if (exchange.request.method !== 'GET') return undefined
  const ifRange = exchange.header('if-range')
  return ifRange === undefined || ifRange === etag ? parseRange(exchange.header('range'), size) : undefined
}

/** Digits after the third decimal are dropped: clients get times with three. */
function timeOf(name: string | undefined): Seconds {
  const match = /^(\d{1,6})(?:\.(\d{1,3})\d{0,3})?\.jpg$/.exec(name ?? '')
  const [, whole, decimals = '0'] = match ?? []
  const at = Number(`${whole}.${decimals}`)
  if (!match || at > MAX_SECONDS) {
    throw new AppError('http.not_found', 'The name of a picture must be its time in seconds, as in frames/12.5.jpg.')
  }
  return at
}

/** The media type, from ffprobe's name of the container, or else from its streams. */
function contentType({ media }: Video): string {
  const kind = media.video ? 'video' : 'audio'
  const names = media.container.split(',')
  if (names.includes('mp4')) return `${kind}/mp4`
  if (names.includes('webm')) return `${kind}/webm`
  if (names.includes('matroska')) return `${kind}/x-matroska`
  if (names.includes('mp3')) return 'audio/mpeg'
  if (names.includes('wav')) return 'audio/wav'
  if (names.includes('ogg')) return `${kind}/ogg`
  return 'application/octet-stream'
}

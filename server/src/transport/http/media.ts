import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Video } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import type { MediaTools } from '../../media/media-tools.js'
import type { Tenants } from '../../sessions/tenants.js'
import { errorReply } from './error-reply.js'
import type { Exchange } from './exchange.js'
import { parseRange } from './range.js'
import type { Route } from './router.js'

/** Widest still that is made, in pixels. */
const STILL_WIDTH = 1280
/** Longest time that can be asked for, in seconds: 100 hours. */
const MAX_SECONDS = 360_000

interface MediaRoutesOptions {
  readonly tenants: Tenants
  readonly media: Pick<MediaTools, 'still'>
}

/** The original file with ranges, its poster, and the picture at any time. */
export function mediaRoutes({ tenants, media }: MediaRoutesOptions): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/videos/:id/media',
      scope: 'read',
      handle: async (exchange, { id = '' }, { tenant }) => {
        const { services, files } = await tenants.open(tenant)
        const video = await services.videos.get(id)
        await sendFile(exchange, files.original(video.id), contentType(video))
      },
    },
    {
      method: 'GET',
      path: '/v1/videos/:id/poster.jpg',
      scope: 'read',
      handle: async (exchange, { id = '' }, { tenant }) => {
        const { videos } = (await tenants.open(tenant)).services
        await sendFile(exchange, await videos.poster(id), 'image/jpeg')
      },
    },
    {
      method: 'GET',
      path: '/v1/videos/:id/frames/:name',
      scope: 'read',
      handle: async (exchange, { id = '', name }, { tenant }) => {
        const { services, files } = await tenants.open(tenant)
        const video = await services.videos.get(id)
        const at = timeOf(name)
        if (!video.media.video) throw new AppError('video.no_picture', 'The file has sound only.')
        if (at >= video.media.duration) {
          throw new AppError('video.no_picture', `The video ends at ${video.media.duration} s.`)
        }
        const picture = await media.still(
          files.original(video.id),
          video.media,
          { at, width: STILL_WIDTH },
          exchange.signal,
        )
        exchange.reply(
          200,
          { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=86400', ...SAFE },
          picture,
        )
      },
    },
  ]
}

/** Uploaded bytes are never to be run as a page of ours. */
const SAFE = { 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox" } as const

async function sendFile(exchange: Exchange, file: string, type: string): Promise<void> {
  const { size, mtimeMs } = await stat(file)
  const etag = `"${size.toString(36)}-${Math.trunc(mtimeMs).toString(36)}"`
  const headers = { 'content-type': type, 'accept-ranges': 'bytes', etag, ...SAFE }
  if (exchange.header('if-none-match') === etag) return exchange.reply(304, headers)
  const ifRange = exchange.header('if-range')
  const range = ifRange === undefined || ifRange === etag ? parseRange(exchange.header('range'), size) : undefined
  if (range === 'unsatisfiable') {
    const problem = errorReply(new AppError('http.range', `The file has ${size} bytes.`))
    return exchange.reply(problem.status, { ...problem.headers, 'content-range': `bytes */${size}` }, problem.body)
  }
  if (!range) return exchange.stream(200, headers, size, createReadStream(file))
  const contentRange = { 'content-range': `bytes ${range.start}-${range.end - 1}/${size}` }
  const part = createReadStream(file, { start: range.start, end: range.end - 1 })
  return exchange.stream(206, { ...headers, ...contentRange }, range.end - range.start, part)
}

function timeOf(name: string | undefined): number {
  const match = /^(\d{1,6}(?:\.\d{1,6})?)\.jpg$/.exec(name ?? '')
  const at = Number(match?.[1])
  if (!match || at > MAX_SECONDS) {
    throw new AppError('http.not_found', 'A picture is named by its time in seconds, as in frames/12.5.jpg.')
  }
  return at
}

/** What the container is, by ffprobe's name for it, or else by what it holds. */
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

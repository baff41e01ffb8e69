import { Filename, Title, type Upload } from '@cuewire/protocol'
import { UPLOADS_PATH, type Uploads } from '../../../domain/library/uploads.js'
import type { Principal } from '../../../identity/principal.js'
import { AppError } from '../../../lib/app-error.js'
import { SchemaCheck } from '../../../lib/schema-check.js'
import type { Tenants } from '../../../sessions/tenants.js'
import type { Headers } from '../channel.js'
import { preflight } from '../cors.js'
import type { Exchange } from '../exchange.js'
import type { PathParams, Route } from '../router.js'
import {
  checkExtensions,
  checkPatchType,
  checkVersion,
  formatExpires,
  isUploadType,
  parseMetadata,
  parseUploadLength,
  parseUploadOffset,
  TUS_EXTENSIONS,
  TUS_VERSION,
} from './headers.js'

interface UploadRoutesOptions {
  readonly tenants: Tenants
  readonly maxBytes: number
}

const UPLOAD_PATH = `${UPLOADS_PATH}/:id`

/** Resumable uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
export function uploadRoutes({ tenants, maxBytes }: UploadRoutesOptions): Route[] {
  const options = (methods: readonly string[]) => (exchange: Exchange) => {
    exchange.reply(204, {
      ...preflight([...methods, 'OPTIONS']),
      'tus-extension': TUS_EXTENSIONS,
      'tus-max-size': String(maxBytes),
    })
  }

  const uploadsOf = async ({ tenant }: Principal) => tenants.of(tenant).services.uploads

  const create = async (exchange: Exchange, _params: PathParams, principal: Principal) => {
    const sizeBytes = parseUploadLength(exchange.header('upload-length'))
    const metadata = exchange.header('upload-metadata')
    const pairs = parseMetadata(metadata)
    const filename = validName('filename', pairs.get('filename') ?? 'upload')
    const title = pairs.get('title')
    const carriesBytes = isUploadType(exchange.header('content-type'))
    if (!carriesBytes && exchange.hasBody) checkPatchType(exchange.header('content-type'))
    const uploads = await uploadsOf(principal)
    const upload = await uploads.reserve({
      filename,
      sizeBytes,
      metadata,
      ...(title !== undefined && { title: validName('title', title) }),
    })
    const created = { location: locationOf(exchange, upload), ...expires(upload) }
    if (!carriesBytes) return exchange.reply(201, created)
    const offset = await appendFirst(uploads, upload, exchange)
    exchange.reply(201, { ...created, 'upload-offset': String(offset) })
  }

  const head = async (exchange: Exchange, { id = '' }: PathParams, principal: Principal) => {
    const upload = await (await uploadsOf(principal)).status(id)
    exchange.reply(200, {
      'upload-offset': String(upload.offset),
      'upload-length': String(upload.sizeBytes),
      // "responses to HEAD requests MUST include the Upload-Metadata header and its value as specified by the Upload-Metadata
      // request header during the creation."
      ...(upload.metadata !== undefined && { 'upload-metadata': upload.metadata }),
      // "The Server MUST prevent the client and/or proxies from caching the response".
      'cache-control': 'no-store',
      ...expires(upload),
    })
  }

  const patch = async (exchange: Exchange, { id = '' }: PathParams, principal: Principal) => {
    checkPatchType(exchange.header('content-type'))
    const from = parseUploadOffset(exchange.header('upload-offset'))
    const uploads = await uploadsOf(principal)
    const offset = await uploads.append(id, from, exchange.body(), exchange.signal)
    exchange.reply(204, { 'upload-offset': String(offset) })
  }

  const remove = async (exchange: Exchange, { id = '' }: PathParams, principal: Principal) => {
    await (await uploadsOf(principal)).remove(id)
    exchange.reply(204)
  }

  const route = (method: string, path: string, handle: Handle): Route => ({
    method,
    path,
    scope: method === 'OPTIONS' ? 'public' : 'write',
    // "If the header is presented ... The actual method of the request MUST be ignored."
    methodOverride: true,
    headers: { 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION },
    handle: method === 'OPTIONS' ? handle : checked(handle),
  })
  return [
    route('OPTIONS', UPLOADS_PATH, options(['POST'])),
    route('OPTIONS', UPLOAD_PATH, options(['HEAD', 'PATCH', 'DELETE'])),
    route('POST', UPLOADS_PATH, create),
    route('HEAD', UPLOAD_PATH, head),
    route('PATCH', UPLOAD_PATH, patch),
    route('DELETE', UPLOAD_PATH, remove),
  ]
}

type Handle = Route['handle']

/** "The Tus-Resumable header MUST be included in every request and response except for OPTIONS requests." */
function checked(handle: Handle): Handle {
  return (exchange, params, principal) => {
    checkVersion(exchange.header('tus-resumable'))
    checkExtensions(exchange.request.headers)
    return handle(exchange, params, principal)
  }
}

/**
 * Appends the bytes sent with the creation. If the creation fails, the client does not know the upload, so it is
 * removed.
 */
async function appendFirst(uploads: Uploads, { videoId }: Upload, exchange: Exchange): Promise<number> {
  try {
    return await uploads.append(videoId, 0, exchange.body(), exchange.signal)
  } catch (error) {
    await uploads.remove(videoId).catch(ignoreGone)
    throw error
  }
}

/** An unreadable file has already been removed with its upload. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'upload.not_found')) throw error
}

/** Relative to the request path, so that it also works behind a proxy with a prefix. */
function locationOf({ request }: Exchange, { videoId }: Upload): string {
  return request.path.endsWith('/') ? videoId : `uploads/${videoId}`
}

function expires({ expiresAt }: Upload): Headers {
  return { 'upload-expires': formatExpires(expiresAt) }
}

/** The same rules as in commands. */
const NAMES = { filename: new SchemaCheck(Filename), title: new SchemaCheck(Title) }

function validName(name: keyof typeof NAMES, value: string): string {
  const [fault] = NAMES[name].faults(value)
  if (!fault) return value
  throw new AppError('upload.invalid', `${name} in Upload-Metadata ${fault.message}.`)
}

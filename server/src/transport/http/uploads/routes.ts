import { Filename, Title, type Upload } from '@cuewire/protocol'
import { UPLOADS_PATH } from '../../../domain/library/uploads.js'
import { AppError } from '../../../lib/app-error.js'
import { SchemaCheck } from '../../../lib/schema-check.js'
import type { Principal } from '../../../sessions/principal.js'
import type { Tenants } from '../../../sessions/tenants.js'
import type { Exchange, Headers } from '../exchange.js'
import type { PathParams, Route } from '../router.js'
import {
  checkPatchType,
  checkVersion,
  formatExpires,
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
  const options = (exchange: Exchange) => {
    exchange.always({ 'tus-resumable': TUS_VERSION })
    exchange.reply(204, {
      'tus-version': TUS_VERSION,
      'tus-extension': TUS_EXTENSIONS,
      'tus-max-size': String(maxBytes),
      'access-control-allow-methods': 'POST, HEAD, PATCH, DELETE, OPTIONS',
      'access-control-allow-headers':
        'authorization, content-type, tus-resumable, upload-checksum, upload-length, upload-offset, upload-metadata',
      'access-control-max-age': '600',
    })
  }

  const uploadsOf = async ({ tenant }: Principal) => (await tenants.open(tenant)).services.uploads

  const create = async (exchange: Exchange, _params: PathParams, principal: Principal) => {
    const sizeBytes = parseUploadLength(exchange.header('upload-length'))
    const metadata = parseMetadata(exchange.header('upload-metadata'))
    const filename = checked('filename', metadata.get('filename') ?? 'upload')
    const title = metadata.get('title')
    const uploads = await uploadsOf(principal)
    const upload = await uploads.reserve({
      filename,
      sizeBytes,
      ...(title !== undefined && { title: checked('title', title) }),
    })
    exchange.reply(201, { location: upload.url, ...expires(upload) })
  }

  const head = async (exchange: Exchange, { id = '' }: PathParams, principal: Principal) => {
    const upload = await (await uploadsOf(principal)).status(id)
    exchange.reply(200, {
      'upload-offset': String(upload.offset),
      'upload-length': String(upload.sizeBytes),
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

  return [
    { method: 'OPTIONS', path: UPLOADS_PATH, scope: 'public', handle: options },
    { method: 'OPTIONS', path: UPLOAD_PATH, scope: 'public', handle: options },
    { method: 'POST', path: UPLOADS_PATH, scope: 'write', handle: versioned(create) },
    { method: 'HEAD', path: UPLOAD_PATH, scope: 'write', handle: versioned(head) },
    { method: 'PATCH', path: UPLOAD_PATH, scope: 'write', handle: versioned(patch) },
    { method: 'DELETE', path: UPLOAD_PATH, scope: 'write', handle: versioned(remove) },
  ]
}

type Handle = (exchange: Exchange, params: PathParams, principal: Principal) => Promise<void>

/** "The Tus-Resumable header MUST be included in every request and response except for OPTIONS requests." */
function versioned(handle: Handle): Handle {
  return async (exchange, params, principal) => {
    exchange.always({ 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION })
    checkVersion(exchange.header('tus-resumable'))
    await handle(exchange, params, principal)
  }
}

function expires({ expiresAt }: Upload): Headers {
  return { 'upload-expires': formatExpires(expiresAt) }
}

/** Names follow the rules they have in commands. */
const NAMES = { filename: new SchemaCheck(Filename), title: new SchemaCheck(Title) }

function checked(name: keyof typeof NAMES, value: string): string {
  const [fault] = NAMES[name].faults(value)
  if (!fault) return value
  throw new AppError('upload.invalid', `${name} in Upload-Metadata ${fault.message}.`)
}

import type { Upload } from '@cuewire/protocol'
import type { Uploads } from '../../../domain/library/uploads.js'
import { AppError } from '../../../lib/app-error.js'
import type { Exchange, Headers } from '../exchange.js'
import type { PathParams, Route } from '../router.js'
import { parseChecksum, parseMetadata, parseNumber, TUS_VERSION } from './headers.js'

const EXTENSIONS = 'creation,termination,checksum,expiration'
const ROOT = '/v1/uploads'

interface UploadRoutesOptions {
  readonly uploads: Uploads
  readonly maxBytes: number
}

/** Resumable uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
export function uploadRoutes({ uploads, maxBytes }: UploadRoutesOptions): Route[] {
  const options = (exchange: Exchange) =>
    exchange.reply(204, {
      'tus-resumable': TUS_VERSION,
      'tus-version': TUS_VERSION,
      'tus-extension': EXTENSIONS,
      'tus-max-size': String(maxBytes),
    })
}

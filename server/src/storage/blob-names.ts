import type { Id } from '@cuewire/protocol'
import { isTenantName } from '../lib/tenant-name.js'
import type { BlobKey, ScratchKey } from './blobs.js'

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const FILE_OF_VIDEO = { original: 'original', poster: 'poster.jpg', sound: 'audio.s16le' } as const

/** What the names of a tenant's blobs begin with. */
export function tenantPrefix(tenant: string): string {
  return `tenants/${checkedTenant(tenant)}/`
}

/** What the names of all that belongs to a video begin with, its upload aside. */
export function videoPrefix(id: Id): string {
  return `videos/${checkedId(id)}/`
}

/** The name of a blob or a scratch file within its tenant, made of ids only. */
export function nameOf({ kind, id }: BlobKey | ScratchKey): string {
  return kind === 'upload' ? `uploads/${checkedId(id)}` : `${videoPrefix(id)}${FILE_OF_VIDEO[kind]}`
}

export function isId(name: string): boolean {
  return ULID.test(name)
}

/** An id that may be a part of a name; throws when it is none. */
export function checkedId(id: Id): string {
  if (!isId(id)) throw new Error(`not an id: ${JSON.stringify(id)}`)
  return id
}

/** The same of a tenant. */
export function checkedTenant(tenant: string): string {
  if (!isTenantName(tenant)) throw new Error(`not a name of a tenant: ${JSON.stringify(tenant)}`)
  return tenant
}

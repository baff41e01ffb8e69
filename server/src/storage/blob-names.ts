import type { Id } from '@cuewire/protocol'
import { isTenantName } from '../lib/tenant-name.js'
import type { BlobKey, ScratchKey } from './blobs.js'

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
const FILE_OF_VIDEO = {
  original: 'original',
  poster: 'poster.jpg',
  storyboard: 'storyboard.jpg',
  storyboardTimes: 'storyboard.vtt',
  sound: 'audio.s16le',
} as const

/** Prefix of the blob names of a tenant. */
export function tenantPrefix(tenant: string): string {
  return `tenants/${checkedTenant(tenant)}/`
}

/** Prefix of the names of everything that belongs to a video, except its upload. */
export function videoPrefix(id: Id): string {
  return `videos/${checkedId(id)}/`
}

/** Name of a blob or scratch file within its tenant, made of ids only. */
export function nameOf({ kind, id }: BlobKey | ScratchKey): string {
  return kind === 'upload' ? `uploads/${checkedId(id)}` : `${videoPrefix(id)}${FILE_OF_VIDEO[kind]}`
}

export function isId(name: string): boolean {
  return ULID.test(name)
}

/** Returns the id if it is safe to use in a name; throws otherwise. */
export function checkedId(id: Id): string {
  if (!isId(id)) throw new Error(`not an id: ${JSON.stringify(id)}`)
  return id
}

/** The same for a tenant name. */
export function checkedTenant(tenant: string): string {
  if (!isTenantName(tenant)) throw new Error(`not a name of a tenant: ${JSON.stringify(tenant)}`)
  return tenant
}

import type { ClientCommand } from './methods.js'

/** Commands that carry an idempotency key. The table itself is too large for a browser; a test compares the two. */
export const MUTATING: ReadonlySet<string> = new Set([
  'video.create',
  'video.update',
  'video.delete',
  'processing.start',
  'processing.cancel',
  'processing.retry',
  'transcript.put',
  'speakers.rename',
  'chat.create',
  'chat.ask',
  'chat.cancel',
  'chat.delete',
] satisfies ClientCommand[])

/** A random key; `crypto.randomUUID` is missing on pages served without TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { COMMANDS, CommandFrame } from '@cuewire/protocol'
import { Database } from '@cuewire/server/storage/sqlite/driver.js'
import { Ajv } from 'ajv'
import { decodeText, serveUwsEcho } from './uws-echo.js'

interface VideoRow {
  readonly id: string
  readonly title: string
  readonly filename: string
  readonly state: string
  readonly size_bytes: number
  readonly media: string
  readonly job_id: string | null
  readonly error: string | null
  readonly created_at: string
  readonly updated_at: string
}

const ajv = new Ajv({ allowUnionTypes: true })
const isCommand = ajv.compile<CommandFrame>(CommandFrame)
const isVideoGet = ajv.compile<{ readonly videoId: string }>(COMMANDS['video.get'].params)

const folder = process.env['CUEWIRE_DATA_DIR'] ?? ''
const file = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find(name => name.endsWith('cuewire.db'))
if (file === undefined) throw new Error(`there is no database in ${folder}`)
const select = new Database(join(folder, file)).prepare<[string], VideoRow>(
  `select id, title, filename, state, size_bytes, media, job_id, error, created_at, updated_at
  from videos where id = ?`,
)

// The reference of `video.get`: checked JSON in, one prepared read, JSON out.
serveUwsEcho(message => {
  const frame: unknown = JSON.parse(decodeText(message))
  if (!isCommand(frame) || !isVideoGet(frame.data)) return '{"type":"error"}'
  const row = select.get(frame.data.videoId)
  if (!row) return '{"type":"error"}'
  const { size_bytes: sizeBytes, job_id: jobId, created_at: createdAt, updated_at: updatedAt } = row
  const { id, title, filename, state } = row
  const media: unknown = JSON.parse(row.media)
  const error: unknown = row.error === null ? undefined : JSON.parse(row.error)
  const video = { id, title, filename, state, sizeBytes, media, jobId: jobId ?? undefined, error, createdAt, updatedAt }
  return JSON.stringify({ type: 'reply', id: frame.id, data: { video } })
})

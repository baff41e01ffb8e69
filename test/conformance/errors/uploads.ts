import { request } from 'node:http'
import { startServer } from '../../support/server.js'
import { ask, Client } from '../client.js'
import { NO_ID, OCTETS, type Produce, patch, reserve, TUS } from './place.js'

const FILE = Buffer.from('this is no video\n'.repeat(100))

/** Reserves an upload of these bytes, sends them, and returns the code of the refusal. */
const refused =
  (bytes: (place: Parameters<Produce>[1]) => Uint8Array): Produce =>
  async (t, place) => {
    const client = await Client.open(t, place.port)
    const body = bytes(place)
    return (await patch(place.port, await reserve(client, body.byteLength), body)).code
  }

const patchedWith =
  (headers: Record<string, string>): Produce =>
  async (t, { port }) => {
    const client = await Client.open(t, port)
    return (await patch(port, await reserve(client, FILE.byteLength), FILE, headers)).code
  }

const created =
  (sizeBytes: number): Produce =>
  async (t, { port }) =>
    (await Client.open(t, port)).codeOf('video.create', { filename: 'clip.mp4', sizeBytes })

/** Errors of uploads and of the files they bring. */
export const uploadErrors: Readonly<Record<string, Produce>> = {
  'upload.not_found': async (_t, { port }) => (await patch(port, NO_ID, FILE)).code,
  'upload.empty': created(0),
  'upload.too_large': created(20_000_001),
  'upload.too_many': async t => {
    const { port } = await startServer(t, { CUEWIRE_OPEN_UPLOADS: '3' })
    const client = await Client.open(t, port)
    const { data } = await client.command('server.info')
    const limits = data?.['limits'] as { openUploads: number }
    for (let i = 0; i < limits.openUploads; i++) await reserve(client, FILE.byteLength)
    return client.codeOf('video.create', { filename: 'clip.mp4', sizeBytes: FILE.byteLength })
  },
  'upload.invalid': async (_t, { port }) => (await ask(port, 'POST', '/v1/uploads', TUS)).code,
  'upload.offset_mismatch': patchedWith({ 'upload-offset': '5' }),
  'upload.version': patchedWith({ 'tus-resumable': '0.2.0' }),
  'upload.media_type': patchedWith({ 'content-type': 'video/mp4' }),
  'upload.locked': async (t, { port }) => {
    const client = await Client.open(t, port)
    const id = await reserve(client, FILE.byteLength)
    const headers = { ...TUS, ...OCTETS, 'upload-offset': '0', 'content-length': String(FILE.byteLength) }
    const slow = request({ host: '127.0.0.1', port, method: 'PATCH', path: `/v1/uploads/${id}`, headers, agent: false })
    slow.on('error', () => undefined)
    t.teardown(() => slow.destroy())
    slow.write(FILE.subarray(0, 10))
    await new Promise(resolve => setTimeout(resolve, 300))
    return (await patch(port, id, FILE)).code
  },
  'media.unreadable': refused(() => FILE),
  'media.truncated': refused(({ clip }) => clip.subarray(0, Buffer.from(clip).indexOf('mdat') + 4)),
  'media.no_streams': refused(({ textOnly }) => textOnly),
  'server.disk_full': async t => {
    const { port } = await startServer(t, { CUEWIRE_UPLOAD_BYTES: String(Number.MAX_SAFE_INTEGER) })
    const client = await Client.open(t, port)
    return client.codeOf('video.create', { filename: 'clip.mp4', sizeBytes: Number.MAX_SAFE_INTEGER })
  },
}

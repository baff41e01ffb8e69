import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { COMMANDS } from '@cuewire/protocol'
import type { FakeServer } from './fake-server.js'

const { videoId, url } = COMMANDS['video.create'].example.result.upload

type Fault = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** The upload routes of a fake server: one upload, tus 1.0.0, with faults the test scripts. */
export class FakeUploads {
  bytes = Buffer.alloc(0)
  sizeBytes = 0
  /** `PATCH 0`, `HEAD`, ... in the order they came. */
  readonly requests: string[] = []
  /** Taken one per PATCH, in place of the ordinary answer; undefined: no fault. */
  readonly faults: (Fault | undefined)[] = []
  /** True once the upload is complete and so no upload any more. */
  complete = false

  constructor(server: FakeServer) {
    server.on('video.create', ({ data }) => {
      this.sizeBytes = data['sizeBytes'] as number
      return { upload: { videoId, url, offset: 0, sizeBytes: this.sizeBytes, expiresAt: '2026-01-01T00:00:00.000Z' } }
    })
    server.on('video.get', (command, connection) =>
      this.complete ? COMMANDS['video.get'].example.result : connection.error(command, 'video.not_found'),
    )
    server.onHttp = (request, response) => void this.#answer(request, response)
  }

  /** Takes what the request carries, then cuts the connection before the answer. */
  readonly takeAndCut: Fault = async (request, response) => {
    this.#append(await buffer(request))
    response.destroy()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', headers } = request
    this.requests.push(method === 'PATCH' ? `PATCH ${headers['upload-offset']}` : method)
    if (request.url !== url || headers['tus-resumable'] !== '1.0.0') {
      response.writeHead(404).end()
      return
    }
    if (method === 'HEAD') {
      if (this.complete) response.writeHead(404).end()
      else response.writeHead(200, { 'Upload-Offset': this.bytes.length }).end()
      return
    }
    const fault = this.faults.shift()
    if (fault) return fault(request, response)
    const body = await buffer(request)
    if (headers['content-type'] !== 'application/offset+octet-stream') refuse(response, 415, 'upload.media_type')
    else if (Number(headers['upload-offset']) !== this.bytes.length) refuse(response, 409, 'upload.offset_mismatch')
    else {
      this.#append(body)
      response.writeHead(204, { 'Upload-Offset': this.bytes.length }).end()
    }
  }

  #append(body: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, body])
    this.complete = this.bytes.length === this.sizeBytes
  }
}

/** Answers with a problem document, as the HTTP routes refuse. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'Content-Type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', title: 'Refused', status, code, detail: `refused as ${code}` }))
}

import { randomBytes } from 'node:crypto'
import { rawFrame } from './raw-frame.js'

/** The longest payload whose length is told in 16 bits. */
const MAX_PAYLOAD_BYTES = 0xffff

/** The bytes of one masked text frame, as clients send them; payloads end at 65,535 bytes. */
export function clientFrame(payload: string, mask: Buffer = randomBytes(4)): Buffer {
  const body = Buffer.from(payload)
  if (body.length > MAX_PAYLOAD_BYTES) {
    throw new RangeError(`payload has ${body.length} bytes; a prebuilt frame takes ${MAX_PAYLOAD_BYTES}`)
  }
  return rawFrame(body, { mask })
}

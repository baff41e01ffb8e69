import { randomBytes } from 'node:crypto'

const FIN_TEXT = 0x81
const MASKED = 0x80
/** Payload lengths up to this one stand in the second byte; 126 announces 16 bits of length (RFC 6455, 5.2). */
const SHORT_LENGTH = 125
const LENGTH_16 = 126

/** The bytes of one masked text frame, as clients send them; payloads end at 65,535 bytes. */
export function clientFrame(payload: string, mask: Buffer = randomBytes(4)): Buffer {
  const body = Buffer.from(payload)
  if (body.length > 0xffff) throw new RangeError(`payload has ${body.length} bytes; a prebuilt frame takes 65535`)
  const header =
    body.length <= SHORT_LENGTH
      ? Buffer.from([FIN_TEXT, MASKED | body.length])
      : Buffer.from([FIN_TEXT, MASKED | LENGTH_16, body.length >> 8, body.length & 0xff])
  for (const [index, byte] of body.entries()) body[index] = byte ^ mask.readUInt8(index % 4)
  return Buffer.concat([header, mask, body])
}

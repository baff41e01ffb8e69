/** Length of the header of an unmasked frame, by its second byte (RFC 6455, 5.2). */
export function headerBytes(second: number): 2 | 4 | 10 {
  const length = second & 0x7f
  if (length === 127) return 10
  return length === 126 ? 4 : 2
}

/** Bytes of payload that the whole header at `at` announces. */
export function payloadBytes(bytes: Buffer, at: number): number {
  const second = bytes.readUInt8(at + 1)
  switch (headerBytes(second)) {
    case 2:
      return second & 0x7f
    case 4:
      return bytes.readUInt16BE(at + 2)
    case 10:
      return Number(bytes.readBigUInt64BE(at + 2))
  }
}

import protobuf from 'protobufjs/light.js'

const LENGTH_DELIMITED = 2

/** One field of a protobuf message as it stands on the wire. */
export interface WireField {
  readonly number: number
  /** The whole field, tag included. */
  readonly raw: Uint8Array
  /** The payload of a length-delimited field (message, string, bytes); nothing for the other kinds. */
  readonly payload: Uint8Array | undefined
}

/** Splits a protobuf message into its fields; their `raw` parts joined are the message, byte for byte. */
export function readFields(message: Uint8Array): WireField[] {
  const reader = protobuf.Reader.create(message)
  const fields: WireField[] = []
  while (reader.pos < reader.len) {
    const start = reader.pos
    const tag = reader.uint32()
    const wireType = tag & 7
    let payload: Uint8Array | undefined
    if (wireType === LENGTH_DELIMITED) {
      const length = reader.uint32()
      payload = message.subarray(reader.pos, reader.pos + length)
      reader.skip(length)
    } else {
      reader.skipType(wireType)
    }
    fields.push({ number: tag >>> 3, raw: message.subarray(start, reader.pos), payload })
  }
  return fields
}

/** A length-delimited field made of its number and payload. */
export function wireField(number: number, payload: Uint8Array): WireField {
  const raw = protobuf.Writer.create()
    .uint32((number << 3) | LENGTH_DELIMITED)
    .bytes(payload)
    .finish()
  return { number, raw, payload }
}

/** The message made of these fields. */
export function joinFields(fields: readonly WireField[]): Uint8Array {
  const message = new Uint8Array(fields.reduce((sum, field) => sum + field.raw.length, 0))
  let offset = 0
  for (const field of fields) {
    message.set(field.raw, offset)
    offset += field.raw.length
  }
  return message
}

/** The string in the first field of this number, or nothing. */
export function stringField(fields: readonly WireField[], number: number): string | undefined {
  const payload = fields.find(field => field.number === number)?.payload
  return payload && new TextDecoder().decode(payload)
}

/** Mono sound, samples from -1 to 1. */
export interface Sound {
  readonly samples: Float32Array
  readonly sampleRate: number
}

const HEADER_BYTES = 44

/** A WAV file of 16-bit mono PCM; samples outside -1..1 are clipped. */
export function encodeWav({ samples, sampleRate }: Sound): Buffer {
  const dataBytes = samples.length * 2
  const file = Buffer.alloc(HEADER_BYTES + dataBytes)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate * 2, 28)
  file.writeUInt16LE(2, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(dataBytes, 40)
  samples.forEach((sample, i) => {
    file.writeInt16LE(Math.round(Math.min(1, Math.max(-1, sample)) * 32767), HEADER_BYTES + i * 2)
  })
  return file
}

/** The sound of a WAV file of 16-bit mono PCM; an Error says what else it is. */
export function decodeWav(file: Buffer): Sound {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a WAV file: it does not begin with RIFF and WAVE')
  }
  let sampleRate: number | undefined
  for (let at = 12; at + 8 <= file.length; ) {
    const id = file.toString('latin1', at, at + 4)
    const sizeBytes = file.readUInt32LE(at + 4)
    const body = file.subarray(at + 8, at + 8 + sizeBytes)
    if (id === 'fmt ') sampleRate = readFormat(body)
    if (id === 'data') {
      if (sampleRate === undefined) throw new Error('WAV file with samples before their format')
      const samples = Float32Array.from({ length: body.length >> 1 }, (_, i) => body.readInt16LE(i * 2) / 32768)
      return { samples, sampleRate }
    }
    // Chunks are padded to an even number of bytes.
    at += 8 + sizeBytes + (sizeBytes % 2)
  }
  throw new Error('WAV file without samples')
}

function readFormat(body: Buffer): number {
  if (body.length < 16) throw new Error('WAV file with a format chunk cut short')
  const [coding, channels, bits] = [body.readUInt16LE(0), body.readUInt16LE(2), body.readUInt16LE(14)]
  if (coding !== 1 || channels !== 1 || bits !== 16) {
    throw new Error(`WAV file of coding ${coding}, ${channels} channels, ${bits} bits; want PCM, mono, 16 bits`)
  }
  return body.readUInt32LE(4)
}

/** Mono sound, samples from -1 to 1. */
export interface Sound {
  readonly samples: Float32Array
  readonly sampleRate: number
}

const HEADER_BYTES = 44
const BYTES_A_SAMPLE = 2

/** A WAV file of 16-bit mono PCM; samples outside -1..1 are clipped. */
export function encodeWav({ samples, sampleRate }: Sound): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + samples.length * BYTES_A_SAMPLE)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  // Of the format: its length, PCM, one channel, rates in samples and bytes, bytes and bits of a sample.
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(1, 22)
  file.writeUInt32LE(sampleRate, 24)
  file.writeUInt32LE(sampleRate * BYTES_A_SAMPLE, 28)
  file.writeUInt16LE(BYTES_A_SAMPLE, 32)
  file.writeUInt16LE(8 * BYTES_A_SAMPLE, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(samples.length * BYTES_A_SAMPLE, 40)
  for (const [at, sample] of samples.entries())
    file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), HEADER_BYTES + at * BYTES_A_SAMPLE)
  return file
}

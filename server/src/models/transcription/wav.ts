const HEADER_BYTES = 44
const BYTES_A_SAMPLE = 2

/** Mono samples, -1..1, as a WAV file of 16 bits a sample. */
export function wavOf(samples: Float32Array, sampleRate: number): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + samples.length * BYTES_A_SAMPLE)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  // Of the format: its length, PCM, one channel, rates in samples and bytes, bytes and bits of a sample.
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(sampleRate, 24)
  bytes.writeUInt32LE(sampleRate * BYTES_A_SAMPLE, 28)
  bytes.writeUInt16LE(BYTES_A_SAMPLE, 32)
  bytes.writeUInt16LE(8 * BYTES_A_SAMPLE, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(samples.length * BYTES_A_SAMPLE, 40)
  for (const [at, sample] of samples.entries())
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), HEADER_BYTES + at * BYTES_A_SAMPLE)
  return bytes
}

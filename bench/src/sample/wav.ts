import type { Sound } from '@cuewire/server/lib/wav.js'

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

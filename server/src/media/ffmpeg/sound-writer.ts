import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { Seconds } from '@cuewire/protocol'
import { AppError, isDiskFull } from '../../lib/app-error.js'
import { SOUND_RATE } from './decode-arguments.js'
import { type NutFrame, readNut } from './nut.js'
import { StereoMix } from './stereo-mix.js'

const SAMPLE_BYTES = 2
// Several times the largest packet of any codec, at 16 kHz.
const MAX_PACKET_BYTES = 64 * 1024 * 1024
// Packets are small: two seconds of them are written at once.
const WRITE_BYTES = 2 * SOUND_RATE * SAMPLE_BYTES
// Times of packets are rounded: what is off by less is no gap.
const TOLERANCE_SAMPLES = 0.1 * SOUND_RATE
const SILENCE = new Uint8Array(WRITE_BYTES)

export interface SoundTarget {
  readonly file: string
  /** In the pipe; the file is mono. */
  readonly channels: 1 | 2
  /** No silence is written past this time: a packet that claims a later one has a broken clock and follows at once. */
  readonly latest: Seconds
  /** Told how much has been written, silence included. */
  readonly progress: (written: Seconds) => void
}

/**
 * Writes sound to a file so that sample n is at n / 16000 s: silence fills what comes before the first sample and where
 * samples are missing, what comes twice is left out. A file that exists is overwritten in place, as it may have readers.
 */
export async function writeSound(pipe: Readable, { file, channels, latest, progress }: SoundTarget): Promise<void> {
  // Not awaited yet: what is in a pipe that nobody reads is thrown away when its program exits (`flushStdio` of Node).
  const opening = open(file, constants.O_RDWR | constants.O_CREAT)
  opening.catch(() => undefined)
  try {
    const writer = new Writer(opening)
    const stereo = channels === 2 ? new StereoMix() : undefined
    for await (const packet of readNut(pipe, MAX_PACKET_BYTES)) {
      const mono = stereo ? { at: packet.at, data: mixed(stereo, packet.data) } : packet
      for (const part of place(mono, writer.bytes / SAMPLE_BYTES, latest)) await writer.add(part)
      progress(writer.bytes / SAMPLE_BYTES / SOUND_RATE)
    }
    await writer.flush()
    await (await opening).truncate(writer.bytes)
  } catch (cause) {
    if (isDiskFull(cause)) {
      throw new AppError('server.disk_full', 'There is no room left to write the sound.', { cause })
    }
    throw cause
  } finally {
    await opening.then(
      handle => handle.close(),
      () => undefined,
    )
  }
}

function mixed(stereo: StereoMix, { buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  const samples = new Int16Array(buffer, byteOffset, Math.floor(byteLength / SAMPLE_BYTES))
  return new Uint8Array(stereo.mix(samples).buffer)
}

/** What to write of a packet after so many samples: with silence before it, or without its start. */
function* place({ at, data }: NutFrame, written: number, latest: Seconds): Generator<Uint8Array> {
  const off = at > latest ? 0 : Math.round(at * SOUND_RATE) - written
  const gap = written === 0 || Math.abs(off) > TOLERANCE_SAMPLES ? off : 0
  for (let bytes = gap * SAMPLE_BYTES; bytes > 0; bytes -= SILENCE.length) yield SILENCE.subarray(0, bytes)
  yield data.subarray(Math.max(0, -gap) * SAMPLE_BYTES)
}

/** Writes to a file from its start, a lot at a time. */
class Writer {
  /** Bytes taken so far. */
  bytes = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  constructor(private readonly opening: Promise<FileHandle>) {}

  async add(part: Uint8Array): Promise<void> {
    this.#waiting.push(part)
    this.#waitingBytes += part.length
    this.bytes += part.length
    if (this.#waitingBytes >= WRITE_BYTES) await this.flush()
  }

  async flush(): Promise<void> {
    const lot = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    // On a handle this writes on from where the last write ended.
    await (await this.opening).writeFile(lot)
  }
}

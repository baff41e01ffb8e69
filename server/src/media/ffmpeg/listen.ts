import type { Seconds } from '@cuewire/protocol'
import type { Binaries } from './binaries.js'
import type { Unheard } from './choose-streams.js'
import { sampleArguments, writtenChannels } from './decode-arguments.js'
import { decodeFault } from './failure.js'
import { inputArguments } from './input.js'
import { LoudBlocks } from './loud-blocks.js'
import type { SoundSource } from './probe-output.js'
import { pipeName } from './run-child.js'
import { runReader } from './run-reader.js'

/** Parts of a track that are listened to, spread over the file, and the length of each. */
const PARTS = 12
const PART_SECONDS = 10
/** Enough to measure a level. */
const SAMPLE_RATE = 8000
/** Blocks of 20 ms, each with a level of its own. */
const BLOCK_FRAMES = SAMPLE_RATE / 50
/** Time for all tracks. A track not fully heard in that time counts as audible. */
const TIMEOUT_MS = 30_000
/** Most tracks to listen to. */
const MAX_TRACKS = 8

interface ListenRequest {
  readonly file: string
  /** The tracks, best first. */
  readonly sounds: readonly SoundSource[]
  /** Length of the file, as far as declared. */
  readonly duration: Seconds | undefined
}

/**
 * Listens to the tracks in turn, up to the first in which something is heard, and returns those before it. Each is
 * decoded in parts, up to the first sound, so an audible track takes a few milliseconds.
 */
export async function listen(
  { ffmpeg }: Pick<Binaries, 'ffmpeg'>,
  { file, sounds, duration }: ListenRequest,
  signal?: AbortSignal,
): Promise<readonly Unheard[]> {
  const deadline = AbortSignal.timeout(TIMEOUT_MS)
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline
  const unheard: Unheard[] = []
  try {
    for (const sound of sounds.slice(0, MAX_TRACKS)) {
      const heard = await listenTo(ffmpeg, { file, sound, duration }, either)
      if (heard === 'sound') break
      unheard.push({ index: sound.index, fault: heard.fault })
    }
  } catch (error) {
    signal?.throwIfAborted()
    if (!deadline.aborted) throw error
  }
  return unheard
}

interface Track {
  readonly file: string
  readonly sound: SoundSource
  readonly duration: Seconds | undefined
}

async function listenTo(
  ffmpeg: string,
  { file, sound, duration }: Track,
  signal: AbortSignal,
): Promise<'sound' | Pick<Unheard, 'fault'>> {
  const blocks = new LoudBlocks(BLOCK_FRAMES * writtenChannels(sound))
  let fault: string | undefined
  for (const from of partsOf(duration)) {
    const args = [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-y', '-threads', '1'],
      ...['-ss', from.toFixed(3), '-t', String(PART_SECONDS), ...inputArguments(file)],
      ...[...sampleArguments(sound, SAMPLE_RATE), '-f', 's16le', pipeName(0)],
    ]
    const { exit } = await runReader(ffmpeg, args, {
      signal,
      pipes: 1,
      read: async ([pipe], stop) => {
        for await (const bytes of pipe) {
          blocks.push(bytes)
          if (!blocks.isLoud) continue
          stop()
          return
        }
      },
    })
    if (blocks.isLoud) return 'sound'
    fault ??= decodeFault(exit, file)
  }
  return { fault: blocks.samples === 0 ? fault : undefined }
}

/** Where the parts begin; they do not overlap. */
function partsOf(duration: Seconds = PARTS * PART_SECONDS): Seconds[] {
  const step = Math.max(PART_SECONDS, duration / PARTS)
  return Array.from({ length: Math.max(1, Math.ceil(duration / step)) }, (_, part) => part * step)
}

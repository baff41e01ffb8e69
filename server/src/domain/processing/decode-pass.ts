import type { Seconds, StageName } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { deferred } from '../../lib/deferred.js'
import type { DecodedStream, FrameSink } from '../../media/media-tools.js'

/** A stage's request to the pass: frames from a time on, or audio. */
export type Wish =
  | { readonly kind: 'frames'; readonly sinks: readonly FrameSink[]; readonly from: Seconds }
  | { readonly kind: 'audio' }

/** The result of the pass: the streams it decoded. */
export interface PassEnd {
  readonly picture?: DecodedStream
  readonly sound?: DecodedStream
}

/**
 * Coordinates the stages that use frames and audio with the single decode pass. Each stage makes its request or leaves,
 * once. When all have, the pass knows its outputs and starts. When all have left, it is no longer needed.
 */
export class DecodePass {
  readonly #awaited: Set<StageName>
  readonly #wishes = new Map<StageName, Wish>()
  readonly #complete = deferred()
  readonly #audioBegan = deferred()
  readonly #ended = deferred<PassEnd>()
  readonly #unneeded = new AbortController()
  #audioWhole = false
  #sound: DecodedStream | undefined

  /** `stages` are those that may make a request. */
  constructor(stages: Iterable<StageName>) {
    this.#awaited = new Set(stages)
    this.#check()
  }

  /**
   * Requests frames. Resolves to the outcome of the picture when the pass has ended; rejects with the failure of one of
   * the sinks, or when aborted.
   */
  async frames(
    stage: StageName,
    sinks: readonly FrameSink[],
    from: Seconds,
    signal: AbortSignal,
  ): Promise<DecodedStream> {
    const failed = deferred<never>()
    const guard = (sink: FrameSink): FrameSink => ({
      ...sink,
      frame: async frame => {
        try {
          await sink.frame(frame)
        } catch (error) {
          // This stage's own failure: reject it before the pass fails for the others.
          failed.reject(error)
          throw error
        }
      },
    })
    this.#ask(stage, { kind: 'frames', sinks: sinks.map(guard), from })
    const { picture } = await abortable(Promise.race([this.#ended.promise, failed.promise]), signal)
    return picture ?? {}
  }

  /** Requests audio. A stage may do this before it knows whether it needs it. */
  wantAudio(stage: StageName): void {
    this.#ask(stage, { kind: 'audio' })
  }

  /** Waits until the audio file exists and grows. */
  async audio(signal: AbortSignal): Promise<void> {
    await abortable(this.#audioBegan.promise, signal)
  }

  /** The stage makes no request, or no longer needs what it requested. */
  leave(stage: StageName): void {
    this.#awaited.delete(stage)
    this.#wishes.delete(stage)
    this.#check()
  }

  /** The requests, once every stage has decided. */
  async wishes(signal: AbortSignal): Promise<readonly Wish[]> {
    await abortable(this.#complete.promise, signal)
    return [...this.#wishes.values()]
  }

  /** Aborted when every stage has left. */
  get unneeded(): AbortSignal {
    return this.#unneeded.signal
  }

  /** The audio file exists; `whole` if it is already complete. */
  audioBegan({ whole }: { readonly whole: boolean }): void {
    this.#audioWhole = whole
    this.#audioBegan.resolve()
  }

  /** All frames have been delivered and the audio is completely on disk. */
  end(result: PassEnd): void {
    this.#sound = result.sound
    this.#audioWhole = true
    this.#audioBegan.resolve()
    this.#ended.resolve(result)
  }

  /** Whether the audio file is complete. */
  get audioWhole(): boolean {
    return this.#audioWhole
  }

  /** The outcome of the audio. Known once it is complete, unless an earlier attempt decoded it. */
  get sound(): DecodedStream | undefined {
    return this.#sound
  }

  #ask(stage: StageName, wish: Wish): void {
    this.#awaited.delete(stage)
    this.#wishes.set(stage, wish)
    this.#check()
  }

  #check(): void {
    if (this.#awaited.size > 0) return
    this.#complete.resolve()
    if (this.#wishes.size === 0) this.#unneeded.abort()
  }
}

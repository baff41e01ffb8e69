import type { Seconds, StageName } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { deferred } from '../../lib/deferred.js'
import type { DecodedStream, FrameSink } from '../../media/media-tools.js'

/** What a stage asks of the pass: frames from some time on, or the sound. */
export type Wish =
  | { readonly kind: 'frames'; readonly sink: FrameSink; readonly from: Seconds }
  | { readonly kind: 'audio' }

/** How the pass ended: the streams it decoded. */
export interface PassEnd {
  readonly picture?: DecodedStream
  readonly sound?: DecodedStream
}

/**
 * Where the stages that live on frames and sound meet the one decode pass. Each of them asks or leaves once; when all
 * have, the pass knows its outputs and starts. When all have left, nobody needs it any more.
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

  /** `stages` may ask for something. */
  constructor(stages: Iterable<StageName>) {
    this.#awaited = new Set(stages)
    this.#check()
  }

  /**
   * Asks for frames; resolves when the pass has ended, to how the picture came out, and rejects with the sink's own failure
   * or when aborted.
   */
  async frames(stage: StageName, sink: FrameSink, from: Seconds, signal: AbortSignal): Promise<DecodedStream> {
    const failed = deferred<never>()
    const guarded: FrameSink = {
      width: sink.width,
      height: sink.height,
      rate: sink.rate,
      frame: async frame => {
        try {
          await sink.frame(frame)
        } catch (error) {
          // The failure is this stage's own: it must learn of it before the pass breaks for the others.
          failed.reject(error)
          throw error
        }
      },
    }
    this.#ask(stage, { kind: 'frames', sink: guarded, from })
    const { picture } = await abortable(Promise.race([this.#ended.promise, failed.promise]), signal)
    return picture ?? {}
  }

  /** Asks for the sound, which a stage may do before it knows whether it needs it. */
  wantAudio(stage: StageName): void {
    this.#ask(stage, { kind: 'audio' })
  }

  /** Waits until the file of the sound is there and grows. */
  async audio(signal: AbortSignal): Promise<void> {
    await abortable(this.#audioBegan.promise, signal)
  }

  /** The stage asks for nothing, or needs no longer what it asked for. */
  leave(stage: StageName): void {
    this.#awaited.delete(stage)
    this.#wishes.delete(stage)
    this.#check()
  }

  /** What was asked for, once every stage has said. */
  async wishes(signal: AbortSignal): Promise<readonly Wish[]> {
    await abortable(this.#complete.promise, signal)
    return [...this.#wishes.values()]
  }

  /** Aborted when every stage has left. */
  get unneeded(): AbortSignal {
    return this.#unneeded.signal
  }

  /** The file of the sound is there; `whole` when nothing more comes. */
  audioBegan({ whole }: { readonly whole: boolean }): void {
    this.#audioWhole = whole
    this.#audioBegan.resolve()
  }

  /** Every frame was taken and the sound is on disk to its end. */
  end(result: PassEnd): void {
    this.#sound = result.sound
    this.#audioWhole = true
    this.#audioBegan.resolve()
    this.#ended.resolve(result)
  }

  /** Whether the file of the sound has reached its end. */
  get audioWhole(): boolean {
    return this.#audioWhole
  }

  /** How the sound came out; known once it is whole, unless a former attempt has decoded it. */
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

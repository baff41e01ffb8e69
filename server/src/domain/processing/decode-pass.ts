import type { Seconds, StageName } from '@cuewire/protocol'
import { abortable } from '../../lib/abortable.js'
import { deferred } from '../../lib/deferred.js'
import type { FrameSink } from '../../media/media-tools.js'

/** Stages that live on what the decode pass yields. */
export const FED_STAGES = ['shots', 'objects', 'transcript'] as const satisfies readonly StageName[]
export type FedStage = (typeof FED_STAGES)[number]

/** What a stage asks of the pass: frames from some time on, or the sound. */
export type Wish =
  | { readonly kind: 'frames'; readonly sink: FrameSink; readonly from: Seconds }
  | { readonly kind: 'audio' }

/**
 * Where the stages that live on frames and sound meet the one decode pass. Each of them asks or leaves once; when all
 * have, the pass knows its outputs and starts.
 */
export class DecodePass {
  readonly #awaited: Set<StageName>
  readonly #wishes: Wish[] = []
  readonly #complete = deferred()
  readonly #audioBegan = deferred()
  readonly #ended = deferred()
  #audioWhole = false

  constructor(stages: Iterable<FedStage>) {
    this.#awaited = new Set(stages)
    this.#check()
  }

  /** Asks for frames; resolves when the pass has ended, rejects with the sink's own failure or when aborted. */
  async frames(stage: FedStage, sink: FrameSink, from: Seconds, signal: AbortSignal): Promise<void> {
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
    await abortable(Promise.race([this.#ended.promise, failed.promise]), signal)
  }

  /** Asks for the sound; resolves when its file is there and grows. */
  async audio(stage: FedStage, signal: AbortSignal): Promise<void> {
    this.#ask(stage, { kind: 'audio' })
    await abortable(this.#audioBegan.promise, signal)
  }

  /** The stage asks for nothing; does nothing when it has asked already. */
  leave(stage: StageName): void {
    this.#awaited.delete(stage)
    this.#check()
  }

  /** What was asked for, once every stage has said. */
  async wishes(signal: AbortSignal): Promise<readonly Wish[]> {
    await abortable(this.#complete.promise, signal)
    return this.#wishes
  }

  /** The file of the sound is there; `whole` when nothing more comes. */
  audioBegan({ whole }: { readonly whole: boolean }): void {
    this.#audioWhole = whole
    this.#audioBegan.resolve()
  }

  /** Every frame was taken and the sound is on disk to its end. */
  end(): void {
    this.#audioWhole = true
    this.#audioBegan.resolve()
    this.#ended.resolve()
  }

  /** Whether the file of the sound has reached its end. */
  get audioWhole(): boolean {
    return this.#audioWhole
  }

  #ask(stage: FedStage, wish: Wish): void {
    this.#wishes.push(wish)
    this.leave(stage)
  }

  #check(): void {
    if (this.#awaited.size === 0) this.#complete.resolve()
  }
}

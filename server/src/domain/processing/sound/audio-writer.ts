import { type AudioSpan, Seconds, type Sound } from '@cuewire/protocol'
import { Type } from '@sinclair/typebox'
import type { ContentDraft } from '../content-draft.js'
import type { StageContext } from '../stage.js'
import { LoudnessMeter } from './loudness-meter.js'
import { ModelTypes } from './model-types.js'
import { SoundTypes } from './sound-types.js'
import type { TypeSource } from './type-source.js'

/** Seconds of a loudness curve, and from one write to the next. */
const CURVE_SECONDS = 10

/**
 * Checkpoint: up to where loudness, spans and sounds are stored. After a crash the audio is measured again from its start,
 * which is cheap and gives the same, as long as the same pack does it.
 */
const checkpointOf = (pack: string) =>
  Type.Object({ pack: Type.Literal(pack), storedTo: Seconds, finished: Type.Boolean() })

interface AudioWriterOptions {
  readonly source: TypeSource
  /** The pack that judges the sound, `name@version`; empty if none does. */
  readonly pack: string
}

/** Measures audio and stores the results. What an earlier attempt stored is skipped. */
export class AudioWriter {
  readonly #spans: ContentDraft<'audio'>
  readonly #loudness: ContentDraft<'loudness'>
  readonly #sounds: ContentDraft<'sounds'>
  readonly #meter = new LoudnessMeter()
  readonly #types: SoundTypes
  #levels: number[] = []
  /** Spans that ended since the last write. */
  #ended: AudioSpan[] = []
  #soundCount = 0
  /** End of the loudness written. */
  #at: Seconds = 0

  private constructor(
    private readonly context: StageContext,
    private readonly options: AudioWriterOptions,
    private readonly former: { readonly storedTo: Seconds; readonly finished: boolean },
  ) {
    this.#spans = context.draft('audio')
    this.#loudness = context.draft('loudness')
    this.#sounds = context.draft('sounds')
    this.#types = new SoundTypes(options.source)
  }

  static async start(context: StageContext, options: AudioWriterOptions): Promise<AudioWriter> {
    const saved = context.resume(checkpointOf(options.pack))
    const writer = new AudioWriter(context, options, saved ?? { storedTo: 0, finished: false })
    if (writer.finished) return writer
    for (const draft of [writer.#spans, writer.#loudness, writer.#sounds]) {
      await draft.begin()
      if (!saved) await draft.replace([])
    }
    return writer
  }

  /** An earlier attempt measured all of the audio. */
  get finished(): boolean {
    return this.former.finished
  }

  /** Takes the next mono samples at 16 kHz. */
  async push(samples: Float32Array, signal: AbortSignal): Promise<void> {
    this.#levels.push(...this.#meter.push(samples))
    this.#ended.push(...(await this.#types.push(samples, signal)))
    if (this.#levels.length < CURVE_SECONDS) return
    const open = this.#types.open()
    await this.#write(this.#at + CURVE_SECONDS, { open: open ? [open] : [], finished: false })
  }

  /** Takes the end of the sound. */
  async finish(end: Seconds, signal: AbortSignal): Promise<void> {
    this.#levels.push(...this.#meter.finish())
    this.#ended.push(...(await this.#types.finish(end, signal)))
    await this.#write(end, { open: [], finished: true })
  }

  /** Makes what was stored the result. */
  async complete(): Promise<void> {
    for (const draft of [this.#loudness, this.#sounds, this.#spans]) await draft.complete()
  }

  /** An open span is stored too; later it is replaced. */
  async #write(
    end: Seconds,
    { open, finished }: { readonly open: readonly AudioSpan[]; readonly finished: boolean },
  ): Promise<void> {
    const { source, pack } = this.options
    const found = source instanceof ModelTypes ? source.takeSounds() : []
    const sounds: Sound[] = found.map((sound, at) => ({ index: this.#soundCount + at, ...sound }))
    const curves = this.#levels.length > 0 ? [{ start: this.#at, end, levels: this.#levels }] : []
    const spans = [...this.#ended, ...open]
    this.#soundCount += sounds.length
    this.#ended = []
    this.#levels = []
    this.#at = end
    if (end <= this.former.storedTo && !finished) return
    this.context.count('sounds', sounds.length)
    await this.#loudness.add(curves)
    await this.#sounds.add(sounds)
    await this.#spans.add(spans, { pack, storedTo: end, finished })
  }
}

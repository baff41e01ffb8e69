import { Seconds, type TimeRange, type TranscriptSegment, Word } from '@cuewire/protocol'
import { type Static, Type } from '@sinclair/typebox'
import type { SpeechRecogniser, Transcription } from '../../models/models.js'
import { type Decided, NOTHING_READ, ReadableSpans, ReadableState } from '../transcript/readable-spans.js'
import { SentenceAssembler, type SpokenSpan } from '../transcript/sentences.js'
import { AudioSpool, SPOOL_RATE, sampleAt } from './audio-spool.js'
import type { ContentDraft } from './content-draft.js'
import { OrderedWork } from './ordered-work.js'
import { QUIET_TO_DBFS, QuietSound } from './quiet-sound.js'
import type { StageContext, StageOutcome } from './stage.js'
import { toMillis } from './to-millis.js'
import { skippedAsUndecodable } from './undecodable.js'
import { markOf, partUnread, skippedAsUnreadable } from './unreadable-speech.js'

/** Checkpoint: the end of the last decided span, how the spans were understood, and text that is no sentence yet. */
const Checkpoint = Type.Object({
  heardTo: Seconds,
  understood: ReadableState,
  finished: Type.Boolean(),
  nextIndex: Type.Integer(),
  waiting: Type.Array(
    Type.Object({
      text: Type.String(),
      words: Type.Array(Word),
      confidence: Type.Number(),
      language: Type.Optional(Type.String()),
    }),
  ),
})
type Checkpoint = Static<typeof Checkpoint>

const NOTHING_HEARD: Checkpoint = { heardTo: 0, understood: NOTHING_READ, finished: false, nextIndex: 0, waiting: [] }

/** A span and what was recognised in it. */
interface Heard {
  readonly span: TimeRange
  readonly spoken: Transcription
}

/** Recognises the speech of a video, sentence by sentence, from its audio file while that still grows. */
export async function recogniseSpeech(context: StageContext, signal: AbortSignal): Promise<StageOutcome> {
  const { job } = context
  const [speech, activity] = await Promise.all([
    job.models.speech(),
    job.models.voiceActivity(),
    job.pass.audio(signal),
  ])
  const listener = await Listener.start(context, speech)
  if (!listener.finished) {
    let passed = 0
    const sound = new QuietSound()
    const spool = await AudioSpool.open(job.sound, () => job.pass.audioWhole)
    const spans = new OrderedWork<TimeRange, Transcription | undefined>({
      limit: speech.parallel,
      start: span => listener.hear(span, { spool, sound }, signal),
      take: (span, spoken) => listener.keep(span, spoken),
    })
    try {
      const voice = activity.open({ maxSpan: speech.maxSpan })
      for await (const samples of spool.follow(signal)) {
        for (const span of await voice.push(sound.push(samples), signal)) await spans.push(span)
        passed += samples.length / SPOOL_RATE
        // After a crash, spans already transcribed are skipped quickly; that is not progress.
        const heard = spans.underWay === 0 ? passed : 0
        if (heard > listener.heardTo) context.report({ done: heard, total: job.info.duration, unit: 'seconds' })
      }
      const last = await voice.push(sound.finish(), signal)
      for (const span of [...last, ...(await voice.finish(signal))]) await spans.push(span)
      await spans.end()
    } finally {
      // After a failure too, wait until nothing reads the file or writes to the store.
      await Promise.allSettled([spans.end()])
      await spool.close()
    }
    const fault = job.pass.sound?.fault
    if (passed === 0 && fault) return skippedAsUndecodable(fault)
    await listener.finish()
  }
  const unreadable = skippedAsUnreadable(listener.understood, job.info.audio, speech)
  if (unreadable) return unreadable
  const warning = partUnread(listener.understood, speech)
  if (warning) context.warn(warning)
  await listener.complete()
  const params = {
    voiceActivity: activity.pack,
    maxSpan: speech.maxSpan,
    track: job.info.audio?.index,
    ...(speech.language !== undefined && { language: speech.language }),
    raisedTo: QUIET_TO_DBFS,
  }
  return { state: 'completed', model: speech.pack, params }
}

/**
 * Transcribes spans, several at a time, and stores the sentences in order. After a crash, voice activity is detected
 * again from the start, which is cheap and yields the same spans; those already transcribed are skipped.
 */
class Listener {
  readonly #assembler: SentenceAssembler
  readonly #draft: ContentDraft<'transcript'>
  readonly #readable: ReadableSpans<Heard>

  private constructor(
    private readonly context: StageContext,
    private readonly speech: SpeechRecogniser,
    private state: Checkpoint,
  ) {
    this.#draft = context.draft('transcript')
    this.#assembler = new SentenceAssembler({
      source: 'speech',
      language: speech.language,
      firstIndex: state.nextIndex,
    })
    this.#readable = new ReadableSpans(state.understood, markOf(context.job.info.audio, speech))
  }

  static async start(context: StageContext, speech: SpeechRecogniser): Promise<Listener> {
    const state = context.resume(Checkpoint) ?? NOTHING_HEARD
    const listener = new Listener(context, speech, { ...state, waiting: [] })
    if (listener.finished) return listener
    await listener.#draft.begin()
    for (const span of state.waiting) await listener.#add(span, state.heardTo)
    return listener
  }

  /** An earlier attempt transcribed the last span. */
  get finished(): boolean {
    return this.state.finished
  }

  get heardTo(): Seconds {
    return this.state.heardTo
  }

  get understood(): ReadableState {
    return this.state.understood
  }

  /** Transcribes a span. Undefined if an earlier attempt did it. */
  async hear(
    span: TimeRange,
    { spool, sound }: { readonly spool: AudioSpool; readonly sound: QuietSound },
    signal: AbortSignal,
  ): Promise<Transcription | undefined> {
    if (span.end <= this.state.heardTo) return undefined
    return await this.speech.transcribe(sound.raised(await spool.span(span), sampleAt(span.start)), signal)
  }

  /** Takes the transcription of a span, in order, and stores what it decides. */
  async keep(span: TimeRange, spoken: Transcription | undefined): Promise<void> {
    if (!spoken) return
    const evidence = spoken.repeats ? 0 : spoken.evidence
    await this.#store(this.#readable.add({ span, spoken }, { seconds: span.end - span.start, evidence }))
    this.context.report({ done: span.end, total: this.context.job.info.duration, unit: 'seconds' })
  }

  async finish(): Promise<void> {
    await this.#store(this.#readable.finish())
    const segments = this.#assembler.flush()
    // Saved before the draft becomes the result: afterwards there is no draft to continue.
    await this.#save({ ...this.state, finished: true, waiting: [], nextIndex: this.#assembler.nextIndex }, segments)
  }

  async complete(): Promise<void> {
    await this.#draft.complete()
  }

  async #store(decided: readonly Decided<Heard>[]): Promise<void> {
    for (const { item, readable, state } of decided) {
      this.context.count('spansTranscribed')
      this.state = { ...this.state, understood: state }
      if (readable) {
        await this.#add(placed(item.spoken, item.span), item.span.end)
      } else {
        if (item.spoken.text !== '') this.context.count('spansDropped')
        await this.#save({ ...this.state, heardTo: item.span.end })
      }
    }
  }

  async #add(span: SpokenSpan, heardTo: Seconds): Promise<void> {
    const segments = this.#assembler.add(span)
    const told = segments.reduce((sum, segment) => sum + segment.words.length, 0)
    const waiting = withoutFirst(told, [...this.state.waiting, { ...span, words: [...span.words] }])
    await this.#save({ ...this.state, heardTo, waiting, nextIndex: this.#assembler.nextIndex }, segments)
  }

  /** One transaction, so that no sentence is announced twice after a crash. */
  async #save(state: Checkpoint, segments: readonly TranscriptSegment[] = []): Promise<void> {
    this.state = state
    await this.#draft.add(segments, state)
  }
}

/** Moves the words to their position in the video, within their span. */
function placed(spoken: Transcription, span: TimeRange): SpokenSpan {
  const at = (time: Seconds) => toMillis(Math.min(span.start + time, span.end))
  const words = spoken.words.map(word => ({ ...word, start: at(word.start), end: at(word.end) }))
  const { text, confidence, language } = spoken
  return { text, words, confidence, ...(language !== undefined && { language }) }
}

function withoutFirst(count: number, spans: Checkpoint['waiting']): Checkpoint['waiting'] {
  let left = count
  return spans.flatMap(span => {
    const words = span.words.slice(left)
    left = Math.max(0, left - span.words.length)
    return words.length === 0 ? [] : [{ ...span, words }]
  })
}

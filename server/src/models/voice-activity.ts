import type { Seconds, TimeRange } from '@cuewire/protocol'
import { joinedSamples } from '../lib/joined-samples.js'
import type { CoreScheduler } from './core-scheduler.js'
import type { Lane } from './lane.js'
import type { Calls, VadState } from './messages.js'
import type { VoiceActivityDetector, VoiceActivityStream } from './models.js'
import { SpeechSpans } from './onnx/speech-spans.js'
import { initialVadState, VAD_CHUNK } from './onnx/vad-state.js'
import { type Pack, packId } from './pack.js'
import { oneByOne } from './work.js'

const SAMPLE_RATE = 16_000

interface Stretch {
  readonly samples: Float32Array<ArrayBuffer>
  readonly from: VadState
}
type Heard = Calls['voiceActivity']['result']

// Each stretch of a stream needs the state after the one before.
const listening = (pack: string) =>
  oneByOne<Stretch, Heard>(pack, (thread, params, signal) =>
    thread.call<'voiceActivity'>(
      { name: 'voiceActivity', pack, params },
      { transfer: [params.samples.buffer], signal },
    ),
  )

/** A voice activity detector whose streams have a lane each. */
export function voiceActivityDetector(scheduler: CoreScheduler, pack: Pack): VoiceActivityDetector {
  const work = listening(packId(pack))
  return {
    pack: packId(pack),
    open: ({ maxSpan }) => new ScheduledVoiceActivityStream(scheduler.lane(work), maxSpan),
  }
}

/** Holds the model's state itself, so that any core may take the next stretch. Pushes must not overlap. */
class ScheduledVoiceActivityStream implements VoiceActivityStream {
  readonly #lane: Lane<Stretch, Heard>
  readonly #spans: SpeechSpans
  #state: VadState = initialVadState()
  /** Samples at the end that do not fill a chunk yet. */
  #rest = new Float32Array(0)
  #count = 0

  constructor(lane: Lane<Stretch, Heard>, maxSpan: Seconds) {
    this.#lane = lane
    this.#spans = new SpeechSpans({ frame: VAD_CHUNK / SAMPLE_RATE, maxSpan })
  }

  async push(samples: Float32Array, signal?: AbortSignal): Promise<TimeRange[]> {
    const all = joinedSamples(this.#rest, samples)
    const whole = all.length - (all.length % VAD_CHUNK)
    const found = await this.#run(all.slice(0, whole), signal)
    // Only now, so that a push that failed can be made again.
    this.#rest = all.slice(whole)
    this.#count += samples.length
    return found
  }

  async finish(signal?: AbortSignal): Promise<TimeRange[]> {
    const last = new Float32Array(this.#rest.length === 0 ? 0 : VAD_CHUNK)
    last.set(this.#rest)
    const found = [...(await this.#run(last, signal)), ...this.#spans.finish()]
    this.#rest = new Float32Array(0)
    // The last chunk was filled up with silence, which is not part of the stream.
    const length = this.#count / SAMPLE_RATE
    return found.map(span => ({ start: span.start, end: Math.min(span.end, length) }))
  }

  async #run(samples: Float32Array<ArrayBuffer>, signal?: AbortSignal): Promise<TimeRange[]> {
    if (samples.length === 0) return []
    const { probabilities, next } = await this.#lane.run({ samples, from: this.#state }, signal)
    this.#state = next
    return Array.from(probabilities).flatMap(probability => this.#spans.push(probability))
  }
}

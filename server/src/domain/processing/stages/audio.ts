import { setImmediate } from 'node:timers/promises'
import type { Seconds } from '@cuewire/protocol'
import { AudioSpool, SPOOL_RATE } from '../audio-spool.js'
import { AudioWriter } from '../sound/audio-writer.js'
import { ModelTypes } from '../sound/model-types.js'
import { SignalTypes } from '../sound/signal-types.js'
import type { Stage, StageContext } from '../stage.js'
import { toMillis } from '../to-millis.js'
import { skippedAsUndecodable } from '../undecodable.js'

/** Samples measured before other work gets its turn: half a second, a few milliseconds of computing. */
const SLICE = SPOOL_RATE / 2

/**
 * Finds speech, music, silence and other sound, and measures loudness, while the audio file grows. A model of audio events
 * also finds sounds such as applause. If none is installed, features of the signal tell the types of sound apart.
 *
 * It does not use the voice activity of the transcript, which is not computed for a video with subtitles, nor again when a
 * job continues after a crash: the spans would depend on it.
 */
export const audio: Stage = {
  name: 'audio',
  consumes: { info: 'whole', sound: 'live' },
  produces: ['audio', 'loudness', 'sounds'],
  weight: 1,
  enriches: true,
  models: ['audioEvents'],
  async run(context, signal) {
    const { job } = context
    if (!job.info.audio) return { state: 'skipped', reason: 'the file has no sound' }
    job.pass.wantAudio('audio')
    const events = (await job.models.status()).find(({ task }) => task === 'audio-events')
    // One that is there but damaged is an error, not a reason to do without.
    const detector = events && events.state !== 'missing' ? await job.models.audioEvents() : undefined
    await job.pass.audio(signal)
    const source = detector ? new ModelTypes(detector) : new SignalTypes()
    const writer = await AudioWriter.start(context, { source, pack: detector?.pack ?? '' })
    if (!writer.finished) {
      const end = await measure(context, writer, signal)
      const fault = job.pass.sound?.fault
      if (end === 0 && fault) return skippedAsUndecodable(fault)
      await writer.finish(end, signal)
    }
    await writer.complete()
    return { state: 'completed', ...(detector && { model: detector.pack }) }
  },
}

/** Resolves to the end of the sound. */
async function measure({ job, report }: StageContext, writer: AudioWriter, signal: AbortSignal): Promise<Seconds> {
  let count = 0
  const spool = await AudioSpool.open(job.sound, () => job.pass.audioWhole)
  try {
    for await (const samples of spool.follow(signal)) {
      for (let at = 0; at < samples.length; at += SLICE) {
        await writer.push(samples.subarray(at, at + SLICE), signal)
        await setImmediate()
        signal.throwIfAborted()
      }
      count += samples.length
      report({ done: count / SPOOL_RATE, total: job.info.duration, unit: 'seconds' })
    }
  } finally {
    await spool.close()
  }
  return toMillis(count / SPOOL_RATE)
}

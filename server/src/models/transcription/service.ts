import type { Seconds } from '@cuewire/protocol'
import fetch, { Blob, FormData, type Response } from 'node-fetch'
import { AppError } from '../../lib/app-error.js'
import { errorCode } from '../../lib/error-code.js'
import { pause as sleep } from '../../lib/pause.js'
import { encodeWav } from '../../lib/wav.js'
import type { SpeechRecogniser, Transcription } from '../models.js'
import { retryAfterMs } from '../retry-after.js'
import { readAnswer } from './answer.js'

/** A service with the transcription API of OpenAI. */
export interface TranscriptionService {
  /** Base address, without a slash at the end: `/audio/transcriptions` is added. */
  readonly url: string
  /** Sent as a bearer token, never logged. Empty: none. */
  readonly key: string
  readonly model: string
  /** Waits before the next attempt. @default a timer */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>
}

const SAMPLE_RATE = 16_000
const MAX_SAMPLES = 60 * SAMPLE_RATE
/** Whisper, which most services run, reads 30 s at a time. */
const MAX_SPAN = 28
/** Requests in progress. */
const PARALLEL = 4
const MAX_ATTEMPTS = 5
/** Longest `Retry-After` that is obeyed. */
const MAX_WAIT_MS = 60_000
const TIMEOUT_MS = 120_000
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
/** Characters of a pack in results. */
const MAX_PACK = 100

/** Recognises speech by a service over HTTP. Failed requests are repeated where that can help. */
export function serviceRecogniser(service: TranscriptionService): SpeechRecogniser {
  const { host } = new URL(service.url)
  return {
    pack: packOf(service),
    parallel: PARALLEL,
    maxSpan: MAX_SPAN,
    language: undefined,
    async transcribe(samples, signal = new AbortController().signal) {
      if (samples.length === 0 || samples.length > MAX_SAMPLES)
        throw new RangeError(`samples must be 1 to ${MAX_SAMPLES}, not ${samples.length}`)
      const sound = { wav: encodeWav({ samples, sampleRate: SAMPLE_RATE }), duration: samples.length / SAMPLE_RATE }
      for (let attempt = 1; ; attempt += 1) {
        signal.throwIfAborted()
        const outcome = await ask(service, sound, signal)
        if ('transcription' in outcome) return outcome.transcription
        if (attempt === MAX_ATTEMPTS || (outcome.waitMs ?? 0) > MAX_WAIT_MS)
          throw new AppError('stage.failed', `The speech service ${host} failed ${attempt} times: ${outcome.why}.`)
        await (service.pause ?? sleep)(outcome.waitMs ?? 1000 * 2 ** (attempt - 1), signal)
      }
    },
  }
}

/** What results name as their model. */
export const packOf = ({ url, model }: TranscriptionService): string =>
  `${model}@${new URL(url).host}`.slice(0, MAX_PACK)

type Outcome =
  | { readonly transcription: Transcription }
  /** It may succeed later. */
  | { readonly why: string; readonly waitMs: number | undefined }

async function ask(
  { url, key, model }: TranscriptionService,
  { wav, duration }: { readonly wav: Uint8Array; readonly duration: Seconds },
  signal: AbortSignal,
): Promise<Outcome> {
  const { host } = new URL(url)
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  let status: number
  let retryAfter: string | null
  let body: string
  try {
    const response = await fetch(`${url}/audio/transcriptions`, {
      method: 'POST',
      // The key must not reach another host.
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
      headers: { ...(key && { authorization: `Bearer ${key}` }) },
      body: formOf(wav, model),
    })
    status = response.status
    retryAfter = response.headers.get('retry-after')
    body = await bodyOf(response)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof AppError) throw error
    return { why: timeout.aborted ? `no answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error), waitMs: undefined }
  }
  if (status === 429 || status >= 500) return { why: `it answered ${status}`, waitMs: retryAfterMs(retryAfter) }
  if (status !== 200)
    throw new AppError('stage.failed', `The speech service ${host} answered ${status}: ${meaningOf(status)}.`)
  return { transcription: parse(body, host, duration) }
}

function formOf(wav: Uint8Array, model: string): FormData {
  const form = new FormData()
  form.append('file', new Blob([wav], { type: 'audio/wav' }), 'span.wav')
  form.append('model', model)
  form.append('response_format', 'verbose_json')
  form.append('timestamp_granularities[]', 'word')
  form.append('timestamp_granularities[]', 'segment')
  return form
}

async function bodyOf(response: Response): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(Buffer.from(chunk))
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES)
      throw new AppError('stage.failed', `The speech service answered with more than ${MAX_ANSWER_BYTES} bytes.`)
  }
  return Buffer.concat(chunks).toString()
}

function parse(body: string, host: string, duration: Seconds): Transcription {
  try {
    return readAnswer(JSON.parse(body), duration)
  } catch (error) {
    const message = `The answer of the speech service ${host} is not a transcription (verbose_json).`
    throw new AppError('stage.failed', message, { cause: error })
  }
}

function meaningOf(status: number): string {
  switch (status) {
    case 401:
    case 403:
      return 'it does not accept the key in CUEWIRE_SPEECH_KEY'
    case 404:
      return 'there is no such address or model; check CUEWIRE_SPEECH_URL, which usually ends in /v1, and CUEWIRE_SPEECH_MODEL'
    default:
      return 'it does not accept the request; check CUEWIRE_SPEECH_MODEL'
  }
}

/** Messages of node-fetch contain whole URLs. */
function reasonOf(error: unknown): string {
  const code = errorCode(error)
  return code === undefined ? 'the connection failed' : `the connection failed (${code})`
}

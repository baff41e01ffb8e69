import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createModels } from '@cuewire/server/models/create-models.js'
import { diagnose } from '@cuewire/server/models/doctor.js'
import { readAnswer } from '@cuewire/server/models/transcription/answer.js'
import { serviceRecogniser } from '@cuewire/server/models/transcription/service.js'
import t, { type Test } from 'tap'
import { testFolder } from '../../support/test-folder.js'

const KEY = 'sk-very-secret'
const SPAN = new Float32Array(32_000).map((_, at) => Math.sin(at / 10) / 2)

interface Request {
  readonly url: string | undefined
  readonly authorization: string | undefined
  readonly body: Buffer
}
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }

/** A service that gives these answers one after another, and the last again and again. */
async function serve(t: Test, ...answers: readonly Answer[]) {
  const requests: Request[] = []
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    requests.push({ url: request.url, authorization: request.headers.authorization, body })
    const { status = 200, headers = {}, body: answer = {} } = answers[requests.length - 1] ?? answers.at(-1) ?? {}
    response.writeHead(status, headers)
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const waits: number[] = []
  const service = {
    ...{ url: `http://127.0.0.1:${port}/v1`, key: KEY, model: 'whisper-1' },
    pause: async (ms: number) => void waits.push(ms),
  }
  return { service, requests, waits, speech: serviceRecogniser(service) }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const WHOLE = {
  text: 'The boats leave.',
  language: 'english',
  segments: [{ start: 0, end: 2, text: 'The boats leave.', avg_logprob: Math.log(0.8), no_speech_prob: 0.01 }],
  words: [
    { word: 'The', start: 0.1, end: 0.3 },
    { word: ' boats', start: 0.3, end: 0.9, probability: 0.5 },
    { word: 'leave.', start: 0.9, end: 2.4 },
  ],
}

t.test('a span is sent as a WAV file with the key, and comes back as words', async t => {
  const { speech, requests, service } = await serve(t, { body: WHOLE })
  const spoken = await speech.transcribe(SPAN)
  t.match(spoken, {
    text: 'The boats leave.',
    language: 'en',
    repeats: false,
    words: [
      { text: 'The', start: 0.1, end: 0.3 },
      { text: 'boats', confidence: 0.5 },
      { text: 'leave.', end: 2 },
    ],
  })
  t.ok(Math.abs((spoken.words[0]?.confidence ?? 0) - 0.8) < 1e-6)
  t.ok(Math.abs(spoken.confidence - 0.7) < 1e-6)
  const [request] = requests
  t.match(request, { url: '/v1/audio/transcriptions', authorization: `Bearer ${KEY}` })
  const body = request?.body.toString('latin1') ?? ''
  for (const part of ['RIFF', 'name="model"\r\n\r\nwhisper-1', 'verbose_json', 'name="timestamp_granularities[]"'])
    t.ok(body.includes(part), part)
  const wav = request?.body.subarray(body.indexOf('RIFF')) ?? Buffer.alloc(0)
  t.equal(wav.readUInt32LE(40), SPAN.length * 2)
  t.equal(wav.readInt16LE(44 + 200), Math.round((SPAN[100] ?? 0) * 32_767))
  t.equal(speech.pack, `whisper-1@${new URL(service.url).host}`)
})

t.test('what the service leaves out is made up for, and silence is dropped', t => {
  const plain = readAnswer({ text: 'ab abcd' }, 3)
  t.match(plain, {
    text: 'ab abcd',
    confidence: 1,
    words: [
      { text: 'ab', start: 0, end: 1 },
      { text: 'abcd', start: 1, end: 3 },
    ],
  })
  const silence = [{ start: 0, end: 3, text: 'Thank you.', avg_logprob: -1.4, no_speech_prob: 0.9 }]
  t.match(readAnswer({ text: 'Thank you.', segments: silence, language: 'de' }, 3), {
    text: '',
    words: [],
    language: 'de',
  })
  t.equal(readAnswer({ text: 'na na na na na na na na' }, 3).repeats, true)
  t.throws(() => readAnswer({ words: [] }, 3), { message: /\/text/ })
  t.end()
})

t.test('a busy service is asked again after the time it names', async t => {
  const { speech, requests, waits } = await serve(
    t,
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503 },
    { body: WHOLE },
  )
  t.equal((await speech.transcribe(SPAN)).text, WHOLE.text)
  t.equal(requests.length, 3)
  t.strictSame(waits, [7000, 2000])
})

t.test('each failure says what is wrong, without the key', async t => {
  const cases: [Answer, RegExp, number][] = [
    [{ status: 401 }, /answered 401: .*CUEWIRE_SPEECH_KEY/, 1],
    [{ status: 404 }, /answered 404: .*CUEWIRE_SPEECH_URL/, 1],
    [{ status: 400 }, /answered 400: .*CUEWIRE_SPEECH_MODEL/, 1],
    [{ body: 'no JSON' }, /is not a transcription/, 1],
    [{ status: 302, headers: { location: 'http://127.0.0.1:9/' } }, /failed 5 times/, 5],
    [{ status: 500 }, /failed 5 times: it answered 500/, 5],
    [{ status: 429, headers: { 'retry-after': '3600' } }, /failed 1 times: it answered 429/, 1],
  ]
  for (const [answer, message, times] of cases) {
    const { speech, requests } = await serve(t, answer)
    const error: Error = await speech.transcribe(SPAN).then(
      () => new Error('it did not fail'),
      fault => fault,
    )
    t.match(error, { code: 'stage.failed', message })
    t.notMatch(error.message, KEY)
    t.equal(requests.length, times, String(message))
  }
})

t.test('an abort ends the request', async t => {
  const { speech } = await serve(t, { body: WHOLE })
  const signal = AbortSignal.abort(new Error('cancelled'))
  await t.rejects(speech.transcribe(SPAN, signal), { message: 'cancelled' })
  await t.rejects(speech.transcribe(new Float32Array()), RangeError)
})

t.test('with a service no speech pack is needed, and doctor asks the service', async t => {
  const { service } = await serve(t, { body: WHOLE })
  const dir = testFolder(t)
  const models = createModels({ dir, transcription: service })
  t.teardown(() => models.close())
  const pack = `whisper-1@${new URL(service.url).host}`
  t.match(
    (await models.status()).find(({ task }) => task === 'speech'),
    { state: 'ready', pack },
  )
  t.equal((await models.speech()).pack, pack)
  t.match((await diagnose({ dir, transcription: service }))[0], { state: 'works', pack, provider: 'service' })
  const refusing = (await serve(t, { status: 401 })).service
  t.match((await diagnose({ dir, transcription: refusing }))[0], { state: 'fails', reason: /CUEWIRE_SPEECH_KEY/ })
})

import t from 'tap'
import { onEachTransport } from '../../support/on-each-transport.js'
import { RawSocket } from '../../support/raw-socket.js'
import { startServer } from '../../support/server.js'

const test = onEachTransport(t)

const NOBODY = '01JD7Z0V3N8W6XQ2K4T5R9M1AB'

test('the first frame is hello, with the limits', async t => {
  const { port } = await startServer(t)
  const { frames } = await RawSocket.open(t, port)
  t.match(frames[0], { type: 'hello', data: { protocol: 1, limits: { frameBytes: 524_288 }, sessionId: String } })
})

test('a command without id and data is answered, as by hand', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  socket.send('{"type":"video.list"}')
  t.same(await socket.next(), { type: 'reply', data: { videos: [] } })
})

test('every faulty frame gets its error, and the connection lives on', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  const cases: [frame: string | Buffer, code: string, pointer?: string][] = [
    ['nonsense', 'frame.not_json'],
    ['[]', 'frame.invalid', ''],
    ['{"type":"ping","extra":1}', 'frame.invalid', '/extra'],
    ['{"type":"no.such"}', 'command.unknown'],
    ['{"type":"video.get","data":{"videoId":7}}', 'command.invalid', '/data/videoId'],
    [JSON.stringify({ type: 'ping', data: { pad: 'x'.repeat(1024 * 1024) } }), 'frame.too_large'],
    [Buffer.from('{"type":"ping"}'), 'frame.not_text'],
    [JSON.stringify({ type: 'video.get', data: { videoId: NOBODY } }), 'video.not_found'],
    [JSON.stringify({ type: 'subscribe', data: { topic: `video/${NOBODY}` } }), 'topic.not_found'],
    [JSON.stringify({ type: 'processing.get', data: { jobId: NOBODY } }), 'job.not_found'],
    [JSON.stringify({ type: 'chat.ask', data: { chatId: NOBODY, question: 'x' } }), 'chat.not_found'],
    [JSON.stringify({ type: 'chat.create', data: { videoIds: [NOBODY] } }), 'video.not_found'],
    [JSON.stringify({ type: 'video.list', data: { cursor: 'made up' } }), 'cursor.invalid'],
    [JSON.stringify({ type: 'video.create', data: { filename: 'a.mp4', sizeBytes: 0 } }), 'upload.empty'],
    [JSON.stringify({ type: 'video.create', data: { filename: 'a.mp4', sizeBytes: 1e10 } }), 'upload.too_large'],
  ]
  for (const [frame, code, pointer] of cases) {
    socket.socket.send(frame)
    const answer = await socket.next()
    t.match(answer, { type: 'error', error: { code } }, String(frame).slice(0, 60))
    if (pointer !== undefined) t.equal(answer.error?.details?.[0]?.pointer, pointer)
  }
  t.match(await socket.command('ping'), { type: 'reply', data: { at: String } })
})

test('a long run of faulty frames is abuse and closes the connection with a fatal code', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  for (let i = 0; i < 100; i++) socket.send('x')
  t.same(await socket.untilClosed(), { code: 4000, reason: 'too many faulty frames in a row' })
  t.match(socket.frames.at(-1), { type: 'goodbye', data: { code: 4000 } })
})

test('pipelined commands are all answered, each once', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  for (let i = 0; i < 1000; i++) socket.send({ type: 'ping', id: i })
  for (let i = 0; i < 1000; i++) t.equal((await socket.next()).id, i)
})

test('more commands under way than may be are refused at once, the others are answered', async t => {
  const { port } = await startServer(t)
  const socket = await RawSocket.open(t, port)
  const count = 200
  for (let i = 0; i < count; i++) socket.send({ type: 'video.list', id: i })
  const answers = []
  for (let i = 0; i < count; i++) answers.push(await socket.next())
  t.equal(new Set(answers.map(answer => answer.id)).size, count)
  for (const { type, error } of answers) t.ok(type === 'reply' || error?.code === 'limit.in_flight')
})

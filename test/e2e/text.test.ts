import { readFile } from 'node:fs/promises'
import { COMMANDS, type CommandRow, Filename, line, TEXT_KINDS, Title } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import type { TSchema } from '@sinclair/typebox'
import fc from 'fast-check'
import t from 'tap'
import { nastyText, textNear } from '../support/nasty-text.js'
import { quickLibrary } from '../support/quick-library.js'
import { mustReply, readEverything } from '../support/read-everything.js'

const TUS = { 'tus-resumable': '1.0.0' }
const PATTERNS: readonly unknown[] = Object.values(TEXT_KINDS).map(({ pattern }) => pattern)
/** How often each field is tried. Those that start a job are tried less. */
const RUNS = 25

interface TextField {
  readonly path: readonly string[]
  readonly schema: TSchema
}

/** Errors of text that is allowed. */
const OF_CONTENT = ['subtitles.invalid', 'speaker.not_found']

/** Where the parameters of a command hold text of the client's choice. */
function textFields(schema: TSchema, path: readonly string[] = []): TextField[] {
  if (PATTERNS.includes(schema['pattern'])) return path.at(-1) === 'cursor' ? [] : [{ path, schema }]
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, TSchema>)
  return properties.flatMap(([key, property]) => textFields(property, [...path, key]))
}

/** The object with a value at a path; what is not there on the way is made. */
function withValue(object: object, [key = '', ...rest]: readonly string[], value: string): object {
  const inner = (object as Record<string, object>)[key] ?? {}
  return { ...object, [key]: rest.length > 0 ? withValue(inner, rest, value) : value }
}

t.test('a command with any text is refused by the name of the field, or every read after it succeeds', async t => {
  const { socket, clips, add, idle } = await quickLibrary(t)
  const { videoId } = await add(await readFile(await clips.plain()))
  const { chat } = (await mustReply(socket, 'chat.create')) as { chat: { id: string } }
  await mustReply(socket, 'subscribe', { topic: `chat/${chat.id}` })
  const ids: Record<string, string> = { videoId, chatId: chat.id }
  const subtitles = { format: 'srt', text: '1\n00:00:00,100 --> 00:00:01,900\nThe boats leave.\n' }

  const commands = Object.entries(COMMANDS) as [string, CommandRow][]
  const tried: string[] = []
  for (const [type, row] of commands) {
    for (const { path, schema } of textFields(row.params)) {
      if (type === 'auth.refresh' || type === 'subscribe') continue
      const pointer = `/data/${path.join('/')}`
      tried.push(`${type} ${pointer}`)
      const base: Record<string, unknown> = {
        ...(row.example.params as object),
        ...(JSON.stringify(path).includes('subtitles') && { subtitles }),
      }
      for (const key of Object.keys(base)) if (ids[key]) base[key] = ids[key]
      if ('videoIds' in base) base['videoIds'] = [videoId]
      const check = new SchemaCheck(schema)
      const { minLength = 0, maxLength = 0 } = schema
      const isDocument = schema['pattern'] === TEXT_KINDS.file.pattern
      const values = isDocument ? nastyText : fc.oneof(nastyText, textNear(maxLength), textNear(minLength + 1))
      const property = fc.asyncProperty(values, async value => {
        const text = isDocument ? subtitles.text.replace('The boats leave.', () => value) : value
        const { error } = await socket.command(type, withValue(base, path, text))
        if (check.valid(text)) {
          if (error && !OF_CONTENT.includes(error.code)) throw new Error(`${error.code}: ${error.message}`)
        } else if (error?.code !== 'command.invalid' || error.details?.[0]?.pointer !== pointer) {
          throw new Error(`it was not refused: ${JSON.stringify(error)}`)
        }
        if (!error && type === 'chat.ask') {
          const end = await socket.next(frame => frame.type === 'chat.done' || frame.type === 'chat.failed')
          if (end.type === 'chat.failed') throw new Error(JSON.stringify(end))
        }
        if (!error && type === 'transcript.put') await idle(videoId)
        if (!error) await readEverything(socket)
      })
      await t.resolves(
        fc.assert(property, { numRuns: type === 'transcript.put' ? RUNS / 5 : RUNS }),
        `${type} ${pointer}`,
      )
    }
  }
  t.same(tried, [
    'video.create /data/filename',
    'video.create /data/title',
    'video.create /data/subtitles/text',
    'video.create /data/subtitles/language',
    'video.update /data/title',
    'detections.get /data/label',
    'objects.get /data/label',
    'tracks.get /data/label',
    'sounds.get /data/label',
    'transcript.put /data/subtitles/text',
    'transcript.put /data/subtitles/language',
    'speakers.rename /data/from',
    'speakers.rename /data/to',
    'search.query /data/query',
    'chat.create /data/title',
    'chat.ask /data/question',
  ])
})

t.test('an idempotency key is text that two keys can never be mixed up in', async t => {
  const { socket } = await quickLibrary(t)
  const used = new Set<string>()
  const property = fc.asyncProperty(fc.oneof(nastyText, textNear(128)), async key => {
    const ask = async (title: string) => {
      const id = `${title} ${socket.frames.length}`
      socket.send({ type: 'chat.create', id, key, data: { title } })
      return await socket.next(frame => frame.type === 'reply' || frame.type === 'error')
    }
    const first = await ask('Boats')
    if (new SchemaCheck(line({ minLength: 1, maxLength: 128 })).valid(key)) {
      if (first.type !== 'reply') throw new Error(JSON.stringify(first))
      const again = await ask('Boats')
      if (JSON.stringify(again.data) !== JSON.stringify(first.data)) throw new Error('it was done again')
      used.add(key)
    } else if (first.error?.code !== 'frame.invalid' || first.error.details?.[0]?.pointer !== '/key') {
      throw new Error(JSON.stringify(first))
    }
  })
  await t.resolves(fc.assert(property, { numRuns: RUNS * 4 }))
  const { chats } = await mustReply(socket, 'chat.list', { limit: 200 })
  t.equal((chats as unknown[]).length, used.size)
})

t.test('tus: a filename and a title follow the rules of commands', async t => {
  const { port, socket, clips, idle, send } = await quickLibrary(t)
  const clip = await readFile(await clips.plain())
  const create = async (metadata: Record<string, string>) => {
    const pairs = Object.entries(metadata).map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    const headers = { ...TUS, 'upload-length': String(clip.length), 'upload-metadata': pairs.join(',') }
    return await fetch(`http://127.0.0.1:${port}/v1/uploads`, { method: 'POST', headers })
  }
  let added = 0
  for (const [key, schema] of [
    ['filename', Filename],
    ['title', Title],
  ] as const) {
    const property = fc.asyncProperty(fc.oneof(nastyText, textNear(schema.maxLength ?? 0)), async value => {
      // Half a pair has no UTF-8; in Base64 it comes as what takes its place.
      const sent = value.replaceAll(/\p{Cs}/gu, '\ufffd')
      const reply = await create({ [key]: value })
      if (!new SchemaCheck(schema).valid(sent)) {
        const { code, detail } = (await reply.json()) as { code: string; detail: string }
        if (code !== 'upload.invalid' || !detail.startsWith(`${key} in Upload-Metadata must`)) throw new Error(detail)
      } else if (reply.status !== 201) {
        throw new Error(await reply.text())
      } else if (++added % 5 === 0) {
        const { pathname } = new URL(reply.headers.get('location') ?? '', `http://127.0.0.1:${port}/v1/uploads`)
        await idle(await send(pathname, clip))
        await readEverything(socket)
      }
    })
    await t.resolves(fc.assert(property, { numRuns: RUNS }), key)
  }
  const { videos } = await mustReply(socket, 'video.list')
  t.ok((videos as unknown[]).length > 0)
})

t.test('what the server cuts itself is whole characters, within its bound', async t => {
  const { socket, clips, add } = await quickLibrary(t)
  const clip = await readFile(await clips.plain())
  // The longest word that is read whole.
  const word = 'a'.repeat(100)
  const spoken = `Gulls ${'🦊'.repeat(190)} ${'🇩🇪'.repeat(90)} cry.`
  const subtitles = { format: 'srt', text: `1\n00:00:00,100 --> 00:00:01,900\n${spoken}\n` }
  const { videoId } = await add(clip, { title: '🦊'.repeat(200), subtitles })
  const { videoId: other } = await add(clip, { title: `${word} ${'e\u0301'.repeat(20)}` })
  await readEverything(socket)
  const { chat } = await mustReply(socket, 'chat.create', { videoIds: [videoId, other] })
  t.match(chat, { title: `${'🦊'.repeat(189)} and 1 more` })
  const { lanes } = await mustReply(socket, 'timeline.get', { videoId, lanes: ['transcript'] })
  t.match(lanes, [{ items: [{ label: /^Gulls [🦊 ]+ (🇩🇪 ?)+…$/u }] }])
  const { hits } = await mustReply(socket, 'search.query', { query: word })
  t.match(hits, [{ videoId: other, why: [{ terms: [word] }] }])
  const long = await add(clip, { filename: `${'👨‍👩‍👧‍👦'.repeat(30)}.mp4` })
  const { video } = await mustReply(socket, 'video.get', { videoId: long.videoId })
  t.match(video, { title: '👨‍👩‍👧‍👦'.repeat(28) }, 'a title made of the filename')
})

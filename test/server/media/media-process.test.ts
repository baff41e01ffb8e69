import { setTimeout as sleep } from 'node:timers/promises'
import { deferred } from '@cuewire/server/lib/deferred.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import { MediaProcess } from '@cuewire/server/media/process/media-process.js'
import t, { type Test } from 'tap'
import { clipMaker } from '../../support/clips.js'
import { grey, lasting } from '../../support/grey-films.js'
import { descendantsOf, processes, standingOf } from '../../support/processes.js'

const binaries = await createMediaTools().binaries()
const clips = await clipMaker(t)
const file = await clips.make('grey.mp4', grey(2))

function mediaProcess(t: Test, idleMs?: number): MediaProcess {
  const media = new MediaProcess({ binaries, ...(idleMs !== undefined && { idleMs }) })
  t.teardown(() => media.close())
  return media
}

/** Asks for a still whose picture is not taken until the test says so: the process has it, and waits. */
async function heldStill(media: MediaProcess, signal?: AbortSignal) {
  const [shown, taken] = [deferred(), deferred()]
  const picture = () => {
    shown.resolve()
    return taken.promise
  }
  const done = media.stills(file, lasting(2), { times: [0.5, 1, 1.5], width: 160, picture }, signal)
  done.catch(() => undefined)
  await shown.promise
  return { done, take: () => taken.resolve() }
}

/** The media processes of this test, and the programs that they have started. */
async function family(): Promise<{ readonly own: number[]; readonly programs: number[] }> {
  const all = await processes()
  const own = all.filter(({ parent, command }) => parent === process.pid && command.includes('process/child.js'))
  const programs = (await Promise.all(own.map(({ pid }) => descendantsOf(pid)))).flat()
  return { own: own.map(({ pid }) => pid), programs }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

t.test('one process serves all calls, several at a time', async t => {
  const media = mediaProcess(t)
  t.same((await family()).own, [], 'it starts with the first call')
  const held = await heldStill(media)
  t.match(await media.probe(file), { video: { width: 320 } })
  t.equal((await family()).own.length, 1)
  held.take()
  await held.done
})

t.test('it leads a session of its own, and its programs share session and priority', async t => {
  const media = mediaProcess(t)
  const held = await heldStill(media)
  const { own, programs } = await family()
  for (const pid of [...own, ...programs]) t.same(await standingOf(pid), { session: own[0], priority: 10 })
  t.equal(own.length, 1)
  held.take()
  await held.done
})

t.test('when it is killed the calls under way reject, and the next starts another', async t => {
  const media = mediaProcess(t)
  const { done } = await heldStill(media)
  process.kill((await family()).own[0] ?? 0, 'SIGKILL')
  await t.rejects(done, { code: 'server.internal', message: /died of SIGKILL/ })
  t.match(await media.probe(file), { duration: 2 })
})

t.test('an abort rejects at once with its reason, and the program ends', async t => {
  const media = mediaProcess(t)
  const controller = new AbortController()
  const { done } = await heldStill(media, controller.signal)
  const reason = new Error('no longer wanted')
  controller.abort(reason)
  await t.rejects(done, reason)
  await until(async () => (await family()).programs.length === 0)
  t.equal((await family()).own.length, 1)
  await t.rejects(media.probe(file, controller.signal), reason)
})

t.test('what the taker of a picture throws ends the call', async t => {
  const media = mediaProcess(t)
  const full = new Error('the disk is full')
  const picture = () => Promise.reject(full)
  await t.rejects(media.stills(file, lasting(2), { times: [1], width: 160, picture }), full)
  t.match(await media.probe(file), { duration: 2 })
})

t.test('errors keep their code, message and cause', async t => {
  const media = mediaProcess(t)
  const text = await clips.write('not.mp4', 'this is no film')
  const own: unknown = await createMediaTools()
    .probe(text)
    .catch((error: unknown) => error)
  await t.rejects(media.probe(text), { code: 'media.unreadable', message: own instanceof Error ? own.message : '' })
  const missing = media.stills(`${file}.missing`, lasting(2), { times: [1], width: 160, picture: () => undefined })
  await t.rejects(missing, { code: 'server.internal', cause: { message: /ENOENT/ } })
})

t.test('it ends when it was idle, and starts again', async t => {
  const media = mediaProcess(t, 1)
  await media.probe(file)
  await until(async () => (await family()).own.length === 0)
  t.match(await media.probe(file), { duration: 2 })
})

t.test('closing ends it with its programs, rejects what is under way, and later calls', async t => {
  const media = mediaProcess(t)
  const { done } = await heldStill(media)
  await media.close()
  await t.rejects(done, { code: 'server.draining' })
  t.same(await family(), { own: [], programs: [] })
  await t.rejects(media.probe(file), { code: 'server.draining' })
})

import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import { readText } from '@cuewire/server/media/ffmpeg/read-text.js'
import { type RunOptions, runChild } from '@cuewire/server/media/ffmpeg/run-child.js'
import { runReader } from '@cuewire/server/media/ffmpeg/run-reader.js'
import t from 'tap'
import { scripts } from '../../support/scripts.js'

const text: RunOptions<string> = { pipes: 1, read: ([pipe]) => readText(pipe, 1000) }

/** A program that counts its runs in a file and dies of the signal in the first ones. */
async function dying(t: Parameters<typeof scripts>[0], signal: string, times: number) {
  const folder = await scripts(t, {
    program: `echo run >> "$(dirname "$0")/runs"; echo half
      [ "$(wc -l < "$(dirname "$0")/runs")" -gt ${times} ] || kill -${signal} $$; echo whole`,
  })
  const runs = async () => (await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n').length
  return { program: join(folder, 'program'), runs }
}

t.test('a program that dies of a signal is run once more, and what it wrote before is forgotten', async t => {
  for (const signal of ['SEGV', 'ABRT', 'KILL', 'TERM']) {
    const { program, runs } = await dying(t, signal, 1)
    t.equal((await runReader(program, [], text)).value, 'half\nwhole\n', signal)
    t.equal(await runs(), 2)
  }
})

t.test('a program that dies twice is a fault of the server', async t => {
  for (const [signal, message] of [
    ['SEGV', /crashed \(SIGSEGV\)/],
    ['KILL', /killed from outside \(SIGKILL\)/],
  ] as const) {
    const { program, runs } = await dying(t, signal, 9)
    await t.rejects(runReader(program, [], text), { code: 'server.internal', message })
    t.equal(await runs(), 2)
  }
})

t.test('a program that fails by itself is not run again', async t => {
  const folder = await scripts(t, { program: 'echo run >> "$(dirname "$0")/runs"; exit 3' })
  t.equal((await runReader(join(folder, 'program'), [], text)).exit.code, 3)
  t.equal(await readFile(join(folder, 'runs'), 'utf8'), 'run\n')
})

t.test('an ffmpeg that somebody else asks to end was killed from outside, though it exits by itself', async t => {
  const { ffmpeg } = await findBinaries()
  const endless = ['-v', 'error', '-f', 'lavfi', '-i', 'sine', '-f', 's16le', 'pipe:1']
  const folder = await scripts(t, { ffmpeg: `echo $$ > "$(dirname "$0")/pid"; exec ${ffmpeg} "$@"` })
  const run = runChild(join(folder, 'ffmpeg'), endless, {
    pipes: 1,
    async read([pipe]) {
      // Once sound comes, ffmpeg runs.
      await once(pipe, 'data')
      process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGTERM')
      await once(pipe.resume(), 'end')
    },
  })
  await t.rejects(run, { code: 'server.internal', message: /killed from outside/ })
})

t.test('a child finds no character set modules', async t => {
  const folder = await scripts(t, { program: 'echo "$GCONV_PATH"' })
  t.equal((await runChild(join(folder, 'program'), [], text)).value.trim(), '/nonexistent')
})

t.test('its time starts again whenever the reader reports progress', async t => {
  const folder = await scripts(t, { program: 'exec sleep 60' })
  let reports = 0
  const run = runChild(join(folder, 'program'), [], {
    ...{ pipes: 1, timeoutMs: 200 },
    async read([pipe], _stop, progress) {
      for (; reports < 40; reports++) {
        await setTimeout(10)
        progress()
      }
      await once(pipe, 'close')
    },
  })
  await t.rejects(run, { code: 'server.internal', message: /too long/ })
  t.equal(reports, 40)
})

t.test('a program that takes too long is ended, and that is no fault of the file', async t => {
  const folder = await scripts(t, { program: 'exec sleep 60' })
  await t.rejects(runChild(join(folder, 'program'), [], { ...text, timeoutMs: 50 }), {
    code: 'server.internal',
    message: /too long/,
  })
})

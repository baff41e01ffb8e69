import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findBinaries } from '@cuewire/server/media/ffmpeg/binaries.js'
import t from 'tap'
import { scripts } from '../../support/scripts.js'
import { startServer } from '../../support/server.js'

const says = (program: string, version: string) => `echo '${program} version ${version} Copyright the developers'`
const pair = (ffmpeg: string, ffprobe = ffmpeg) => ({
  ffmpeg: says('ffmpeg', ffmpeg),
  ffprobe: says('ffprobe', ffprobe),
})

t.test('without settings and without a PATH the bundled programs are used', async t => {
  const { ffmpeg, ffprobe, programs } = await findBinaries()
  t.match(ffmpeg, /ffmpeg-installer/)
  t.match(ffprobe, /ffprobe-installer/)
  t.match(programs, [{ why: /^bundled: the PATH has no ffmpeg/ }, { why: /^bundled/ }])
})

t.test('a pair on the PATH is used when it is 4.4.1 or later and of one release, else the reason is told', async t => {
  const cases = [
    [pair('5.1.9'), undefined],
    [pair('4.4.1'), undefined],
    [pair('7.1', '7.1.2'), undefined],
    [pair('4.4'), /ffmpeg on the PATH is 4\.4, which is older than 4\.4\.1/],
    [pair('4.2.7'), /older than 4\.4\.1/],
    [pair('5.1', '4.3'), /ffprobe on the PATH is 4\.3, which is older/],
    [pair('5.1', '6.0'), /are not of the same release/],
    [{ ffmpeg: says('ffmpeg', '5.1') }, /the PATH has no ffprobe/],
    [{ ffmpeg: 'kill -SEGV $$', ffprobe: says('ffprobe', '5.1') }, /does not work/],
    [{ ffmpeg: 'exit 1', ffprobe: says('ffprobe', '5.1') }, /does not work/],
  ] as const
  for (const [bodies, reason] of cases) {
    const folder = await scripts(t, bodies)
    const { ffmpeg, ffprobe, programs } = await findBinaries({ searchPath: `:/nonexistent:${folder}` })
    if (reason) {
      t.match(programs, [{ why: reason }, { why: reason }])
      t.match([ffmpeg, ffprobe], [/ffmpeg-installer/, /ffprobe-installer/])
    } else t.same([ffmpeg, ffprobe], [join(folder, 'ffmpeg'), join(folder, 'ffprobe')])
  }
})

t.test('a setting wins, whatever its version, for its program alone; a bare name is looked up on the PATH', async t => {
  const [set, other] = [
    await scripts(t, pair('3.4')),
    await scripts(t, { ...pair('6.1'), 'ffmpeg-old': says('ffmpeg', '4.1') }),
  ]
  const found = await findBinaries({ ffmpegPath: join(set, 'ffmpeg'), searchPath: other })
  t.match(found.programs, [
    { path: join(set, 'ffmpeg'), version: { text: '3.4' }, why: 'FFMPEG_PATH is set' },
    { path: join(other, 'ffprobe'), version: { text: '6.1' } },
  ])
  t.equal((await findBinaries({ ffmpegPath: 'ffmpeg-old', searchPath: other })).ffmpeg, join(other, 'ffmpeg-old'))
})

t.test('the name of the option for frame times follows the version', async t => {
  const optionOf = async (version: string) =>
    (await findBinaries({ searchPath: await scripts(t, pair(version)) })).rateOption
  t.equal(await optionOf('5.0.3'), '-vsync')
  t.equal(await optionOf('5.1'), '-fps_mode')
  t.equal(await optionOf('9.0'), '-fps_mode')
  t.equal((await findBinaries()).rateOption, '-vsync')
})

t.test('a setting that names no working program is an error that names the setting and the remedy', async t => {
  const folder = await scripts(t, { ffprobe: says('ffprobe', '5.1'), crash: 'kill -SEGV $$', silent: '' })
  const cases = [
    '/nonexistent',
    folder,
    'no-such-program',
    ...['ffprobe', 'crash', 'silent'].map(name => join(folder, name)),
  ]
  for (const ffmpegPath of cases) {
    await t.rejects(findBinaries({ ffmpegPath, searchPath: folder }), {
      code: 'server.internal',
      message: new RegExp(`^FFMPEG_PATH=${ffmpegPath}: .*; set it to a working ffmpeg, or remove it`),
    })
  }
  await t.rejects(findBinaries({ ffprobePath: '/nonexistent' }), { message: /^FFPROBE_PATH=\/nonexistent: / })
})

t.test('a server whose FFMPEG_PATH is wrong does not start', async t => {
  await t.rejects(startServer(t, { FFMPEG_PATH: '/nonexistent' }), { message: /^FFMPEG_PATH=\/nonexistent: / })
})

t.test('readiness tells the versions, and that a program is gone', async t => {
  const folder = await scripts(t, pair('5.1.9'))
  const environment = { FFMPEG_PATH: join(folder, 'ffmpeg'), FFPROBE_PATH: join(folder, 'ffprobe') }
  const { port } = await startServer(t, { ...environment, CUEWIRE_LOG_LEVEL: 'silent' })
  const part = async () => {
    const { parts } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
      parts: { name: string; ok: boolean }[]
    }
    return parts.find(({ name }) => name === 'ffmpeg')
  }
  t.same(await part(), { name: 'ffmpeg', ok: true, detail: 'ffmpeg 5.1.9, ffprobe 5.1.9' })
  await rm(join(folder, 'ffprobe'))
  // What /readyz says is kept for a second.
  while ((await part())?.ok) await setTimeout(100)
  t.match(await part(), { ok: false, code: 'server.internal', detail: /^ffprobe can no longer be run/ })
  t.notMatch(JSON.stringify(await part()), folder)
})

t.test('the doctor says which ffmpeg is used and why, and fails when the one that is set does not work', t => {
  const doctor = (environment: Record<string, string>) =>
    spawnSync(process.execPath, ['server/bin/cuewire.js', 'doctor'], {
      encoding: 'utf8',
      env: { PATH: '', CUEWIRE_MODELS_DIR: t.testdirName, ...environment },
    })
  t.match(doctor({}).stdout, /^works {4}ffmpeg N-\S+ {2}\/\S+, bundled: the PATH has no ffmpeg$/m)
  const { stdout, status } = doctor({ FFMPEG_PATH: '/nonexistent' })
  t.match(stdout, /^missing {2}ffmpeg {2}FFMPEG_PATH=\/nonexistent: /m)
  t.equal(status, 1)
  t.end()
})

import { isNewer, parseVersion } from '@cuewire/server/media/ffmpeg/program-version.js'
import t from 'tap'

t.test('versions are read as distributions and builders write them', async t => {
  const library = (major: number) => `\nlibavutil      1. 2.100\nlibavformat    ${major}. 10.100 / ${major}. 10.100\n`
  const cases = [
    ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers', [5, 1, 9]],
    ['ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright', [4, 4, 2]],
    ['ffmpeg version n7.1 Copyright', [7, 1]],
    ['ffmpeg version 9.0-full_build-www.gyan.dev Copyright', [9, 0]],
    [`ffmpeg version N-47683-g0e8eb07980-static https://example.org Copyright${library(58)}`, [4]],
    [`ffmpeg version 2024-03-14-git-2129d66a66-full Copyright${library(61)}`, [7]],
    ['ffmpeg version custom', [0]],
  ] as const
  for (const [output, release] of cases) t.same(parseVersion('ffmpeg', output)?.release, release, output)
  t.equal(parseVersion('ffmpeg', cases[0][0])?.text, '5.1.9-0+deb12u1')
})

t.test('the output of anything else is no version', async t => {
  for (const output of ['', 'ffprobe version 5.1', 'hello ffmpeg version 5.1', 'ffmpeg version ']) {
    t.equal(parseVersion('ffmpeg', output), undefined, output)
  }
})

t.test('a release is newer by its first number that differs', async t => {
  t.ok(isNewer([4, 4, 2], [4, 4]))
  t.ok(isNewer([5], [4, 4]))
  t.ok(isNewer([10, 0], [9, 1]))
  t.notOk(isNewer([4, 4], [4, 4]))
  t.notOk(isNewer([4, 4, 0], [4, 4]))
  t.notOk(isNewer([4], [4, 4]))
  t.notOk(isNewer([0], [4, 4]))
})

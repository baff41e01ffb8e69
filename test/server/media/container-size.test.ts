import { readFile, stat, writeFile } from 'node:fs/promises'
import { containerSize } from '@cuewire/server/media/ffmpeg/container-size.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'

t.test('containers that tell their size tell that of the whole, however much of them is there', async t => {
  const clips = await clipMaker(t)
  const copy = ['-i', await clips.plain(), '-c', 'copy']
  const files = [
    await clips.make('a.mp4', copy),
    await clips.make('b.mp4', [...copy, '-movflags', 'frag_keyframe+empty_moov']),
    await clips.make('c.mkv', copy),
    await clips.make('d.avi', ['-i', await clips.plain(), '-c:v', 'mpeg4', '-c:a', 'libmp3lame']),
    await clips.audioOnly(),
  ]
  for (const file of files) {
    const { size } = await stat(file)
    t.same(await containerSize(file), { bytes: size, promised: size }, file)
    const part = await clips.cut(file, 0.6, 'part')
    t.ok(((await containerSize(part)).promised ?? 0) > (await stat(part)).size, `${file}, cut`)
  }
})

t.test('containers that do not tell, and recordings that could not know, promise nothing', async t => {
  const clips = await clipMaker(t)
  const copy = ['-i', await clips.plain(), '-c', 'copy']
  for (const file of [await clips.make('a.ts', copy), await clips.make('b.mkv', [...copy, '-live', '1'])]) {
    t.equal((await containerSize(file)).promised, undefined, file)
  }
  t.same(await containerSize(await clips.write('short', 'RIFF')), { bytes: 4, promised: undefined })
})

t.test('what follows the boxes of an MP4 counts for nothing', async t => {
  const clips = await clipMaker(t)
  const file = await clips.plain()
  const bytes = await readFile(file)
  await writeFile(file, Buffer.concat([bytes, Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 1, 2, 3, 4, 5])]))
  t.same(await containerSize(file), { bytes: bytes.length + 10, promised: bytes.length })
})

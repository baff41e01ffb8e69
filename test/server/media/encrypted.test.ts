import { readFile, writeFile } from 'node:fs/promises'
import { inspectionOf, parseProbeOutput } from '@cuewire/server/media/ffmpeg/probe-output.js'
import t from 'tap'
import { clipMaker } from '../../support/clips.js'
import { installations } from '../../support/installations.js'

const REFUSED = { code: 'media.unreadable', message: /^The file is encrypted/ }
const KEY = [
  '-encryption_key',
  '76a6c65c5ea762046bd749a2e632ccbb',
  '-encryption_kid',
  'a7e61c373e219033c21091fa607bf3b8',
]

for (const { name, binaries, media } of installations) {
  t.test(name, async t => {
    /** Changes the bytes of a file in place, or puts others there. */
    const change = async (file: string, edit: (bytes: Buffer) => unknown) => {
      const bytes = await readFile(file)
      const edited = edit(bytes)
      await writeFile(file, edited instanceof Buffer ? edited : bytes)
      return file
    }
    /** As a shop marks what it sells: by the name of the codec in the description of the track. */
    const protectSound = (file: string) =>
      change(file, bytes => bytes.write('drms', bytes.indexOf('mp4a', bytes.indexOf('stsd', bytes.indexOf('smhd')))))

    t.test('an MP4 with common encryption is refused for that', async t => {
      const clips = await clipMaker(t, binaries)
      const cenc = ['-c', 'copy', '-encryption_scheme', 'cenc-aes-ctr', ...KEY]
      await t.rejects(media.probe(await clips.make('cenc.mp4', ['-i', await clips.plain(), ...cenc])), REFUSED)
    })

    t.test('sound that is encrypted is left out with a warning, and refused where it is all there is', async t => {
      const clips = await clipMaker(t, binaries)
      const info = await media.probe(await protectSound(await clips.plain()))
      t.equal(info.audio, undefined)
      t.match(info.video, { codec: 'h264' })
      t.match(info.warnings, [{ code: 'stream_encrypted', message: /^The sound is encrypted .* skipped; .* upload/ }])
      const song = await clips.make('song.m4a', ['-i', await clips.audioOnly(), '-c:a', 'aac'])
      await t.rejects(media.probe(await protectSound(song)), REFUSED)
    })

    t.test('a scrambled broadcast is refused for that', async t => {
      const clips = await clipMaker(t, binaries)
      const file = await clips.make('broadcast.ts', ['-i', await clips.plain(), '-c', 'copy'])
      await change(file, bytes => {
        for (let packet = 0; packet < bytes.length; packet += 188) {
          const pid = bytes.readUInt16BE(packet + 1) & 0x1fff
          if (pid < 0x100 || pid > 0x101) continue
          bytes.writeUInt8((bytes[packet + 3] ?? 0) | 0x80, packet + 3)
          const start = packet + 4 + ((bytes[packet + 3] ?? 0) & 0x20 ? 1 + (bytes[packet + 4] ?? 0) : 0)
          for (let at = start; at < packet + 188; at++) bytes.writeUInt8((bytes[at] ?? 0) ^ ((at * 7919) & 0xff), at)
        }
      })
      await t.rejects(media.probe(file), REFUSED)
    })

    t.test('a Windows Media file with rights management is refused for that', async t => {
      const clips = await clipMaker(t, binaries)
      const file = await clips.make('film.wmv', ['-i', await clips.plain(), '-c:v', 'wmv2', '-c:a', 'wmav2'])
      const object = Buffer.alloc(40)
      Buffer.from('fbb3112223bdd211b4b700a0c955fc6e', 'hex').copy(object)
      object.writeBigUInt64LE(40n, 16)
      await change(file, bytes => {
        bytes.writeBigUInt64LE(bytes.readBigUInt64LE(16) + 40n, 16)
        bytes.writeUInt32LE(bytes.readUInt32LE(24) + 1, 24)
        return Buffer.concat([bytes.subarray(0, 30), object, bytes.subarray(30)])
      })
      await t.rejects(media.probe(file), REFUSED)
    })
  })
}

t.test('a Matroska stream that names its key is encrypted', t => {
  const stream = { index: 0, codec_type: 'video', codec_name: 'h264', width: 16, height: 16 }
  const output = { format: { format_name: 'matroska,webm' }, streams: [{ ...stream, tags: { ENC_KEY_ID: 'AAAA' } }] }
  t.same(inspectionOf(parseProbeOutput(JSON.stringify(output))).encrypted, [0])
  t.end()
})

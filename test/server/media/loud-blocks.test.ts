import { LoudBlocks } from '@cuewire/server/media/ffmpeg/loud-blocks.js'
import t from 'tap'

const BLOCK = 160

/** Blocks of a constant level in dBFS, as 16-bit samples. */
function bytesOf(...levels: readonly number[]): Buffer {
  const samples = levels.flatMap(level => Array.from({ length: BLOCK }, () => -Math.round(32_768 * 10 ** (level / 20))))
  return Buffer.from(Int16Array.from(samples).buffer)
}

function isLoud(bytes: Buffer, chunk = bytes.length): boolean {
  const blocks = new LoudBlocks(BLOCK)
  for (let at = 0; at < bytes.length; at += chunk) blocks.push(bytes.subarray(at, at + chunk))
  t.equal(blocks.samples, bytes.length / 2)
  return blocks.isLoud
}

t.test('quiet speech is heard; dither and a click are not', async t => {
  t.ok(isLoud(bytesOf(...Array.from({ length: 10 }, () => -58))))
  t.notOk(isLoud(bytesOf(...Array.from({ length: 500 }, () => -62))))
  t.notOk(isLoud(bytesOf(...Array.from({ length: 9 }, () => 0), ...Array.from({ length: 500 }, () => -90))))
  t.notOk(isLoud(Buffer.alloc(0)))
})

t.test('the samples are the same wherever the bytes were cut', async t => {
  for (const chunk of [1, 3, 4, 319, 321]) {
    t.ok(isLoud(bytesOf(...Array.from({ length: 10 }, () => -58)), chunk))
    t.notOk(isLoud(bytesOf(...Array.from({ length: 30 }, () => -62)), chunk))
  }
})

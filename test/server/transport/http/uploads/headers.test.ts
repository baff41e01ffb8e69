import { AppError } from '@cuewire/server/lib/app-error.js'
import {
  checkPatchType,
  checkVersion,
  formatExpires,
  parseMetadata,
  parseUploadLength,
  parseUploadOffset,
} from '@cuewire/server/transport/http/uploads/headers.js'
import fc from 'fast-check'
import t from 'tap'

const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('only tus 1.0.0 is spoken', async t => {
  t.doesNotThrow(() => checkVersion('1.0.0'))
  for (const version of [undefined, '', '0.2.2', '1.0', '1.0.0 ']) {
    t.throws(() => checkVersion(version), { code: 'upload.version' }, String(version))
  }
})

t.test('a PATCH carries application/offset+octet-stream', async t => {
  for (const type of ['application/offset+octet-stream', 'Application/Offset+Octet-Stream ']) {
    t.doesNotThrow(() => checkPatchType(type), type)
  }
  for (const type of [undefined, '', 'application/octet-stream', 'application/offset+octet-stream; charset=utf-8']) {
    t.throws(() => checkPatchType(type), { code: 'upload.media_type' }, String(type))
  }
})

t.test('lengths and offsets are non-negative integers', async t => {
  for (const parse of [parseUploadLength, parseUploadOffset]) {
    t.equal(parse('0'), 0)
    t.equal(parse('9007199254740991'), Number.MAX_SAFE_INTEGER)
    for (const value of [
      undefined,
      '',
      ' ',
      '-1',
      '+1',
      '1.0',
      '1e3',
      '0x10',
      '1 ',
      '٣',
      '9007199254740992',
      '1'.repeat(400),
    ]) {
      t.throws(() => parse(value), { code: 'upload.invalid', message: /Upload-(Length|Offset) must be/ }, String(value))
    }
  }
  t.throws(
    () => parseUploadLength('x\r\nSet-Cookie: a'),
    { message: /"x\\r\\nSet-Cookie: a"/ },
    'shown without control characters',
  )
})

t.test('every integer comes back', async () => {
  fc.assert(fc.property(fc.maxSafeNat(), bytes => parseUploadLength(String(bytes)) === bytes))
})

t.test('metadata is read as clients write it', async t => {
  const read = (header?: string) => Object.fromEntries(parseMetadata(header))
  t.strictSame(read(), {})
  t.strictSame(read(''), {})
  t.strictSame(read(`filename ${base64('häfen.mp4')},is_confidential`), { filename: 'häfen.mp4', is_confidential: '' })
  t.strictSame(read(`filename ${base64('a')}, filetype ${base64('video/mp4')}`), {
    filename: 'a',
    filetype: 'video/mp4',
  })
  t.strictSame(read('empty '), { empty: '' })
  t.strictSame(read(`__proto__ ${base64('x')}`), Object.fromEntries([['__proto__', 'x']]))
})

t.test('malformed metadata is refused with a word on what is wrong', async t => {
  const wrong: [string, RegExp][] = [
    [',', /pairs/],
    [' ', /pairs/],
    ['a YQ==,', /pairs/],
    ['a YQ== YQ==', /pairs/],
    ['ä YQ==', /pairs/],
    ['a YQ==,a Yg==', /"a" twice/],
    ['a YQ', /Base64/],
    ['a Y$==', /Base64/],
    ['a YQ==YQ==', /Base64/],
    ['a _-8=', /Base64/],
    [`a ${Buffer.from([0xff, 0xfe]).toString('base64')}`, /UTF-8/],
    [`a ${'A'.repeat(9000)}`, /8192 characters/],
    [Array.from({ length: 33 }, (_, i) => `k${i}`).join(','), /32 pairs/],
  ]
  for (const [header, message] of wrong) {
    t.throws(() => parseMetadata(header), { code: 'upload.invalid', message }, header.slice(0, 40))
  }
})

t.test('metadata survives being written and read', async () => {
  const key = fc.stringMatching(/^[!-+\--~]{1,20}$/)
  const value = fc.string({ unit: 'grapheme', maxLength: 40 })
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, minLength: 0, maxLength: 10 }),
      pairs => {
        const read = parseMetadata(formatMetadata(new Map(pairs)))
        return read.size === pairs.length && pairs.every(([name, text]) => read.get(name) === text)
      },
    ),
  )
})

t.test('any text is either read or refused as an invalid upload', async () => {
  const near = fc
    .array(fc.constantFrom('a', 'b', ' ', ',', 'YQ==', '=', '\0', 'é'), { maxLength: 12 })
    .map(parts => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ unit: 'binary' })), header => {
      try {
        return [...parseMetadata(header).keys()].every(key => key !== '' && !/[ ,]/.test(key))
      } catch (error) {
        return error instanceof AppError && error.code === 'upload.invalid'
      }
    }),
    { numRuns: 2000 },
  )
})

t.test('expiry is written as HTTP dates are', async t => {
  t.equal(formatExpires('2014-06-25T16:00:00.000Z'), 'Wed, 25 Jun 2014 16:00:00 GMT')
})

/** Pairs as an `Upload-Metadata` header; keys are ASCII without spaces and commas. */
function formatMetadata(pairs: ReadonlyMap<string, string>): string {
  return [...pairs]
    .map(([key, value]) => (value === '' ? key : `${key} ${Buffer.from(value).toString('base64')}`))
    .join(',')
}

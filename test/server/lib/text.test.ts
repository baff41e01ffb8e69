import { line, text } from '@cuewire/protocol'
import { SchemaCheck } from '@cuewire/server/lib/schema-check.js'
import { cut, lengthOf, shorten, toFileText, toLine, toText } from '@cuewire/server/lib/text.js'
import fc from 'fast-check'
import t from 'tap'
import { nastyText, textNear } from '../../support/nasty-text.js'

const MAX = 200
const boundedLine = new SchemaCheck(line({ maxLength: MAX }))
const boundedText = new SchemaCheck(text({ maxLength: MAX }))
const isWellFormed = (value: string) => !/\p{Cs}/u.test(value)
const anyText = fc.oneof(nastyText, textNear(MAX), fc.string({ unit: 'binary' }))

t.test('what is repaired is what the schemas refuse, character by character', async t => {
  const [oneLine, lines] = [new SchemaCheck(line()), new SchemaCheck(text())]
  const wrong: string[] = []
  for (let code = 0; code <= 0x10ffff; code += code < 0x11000 ? 1 : 977) {
    const character = String.fromCodePoint(code)
    const inText = `a${character}b`
    if (!oneLine.valid(toLine(inText, 10)) || !lines.valid(toText(inText, 10))) wrong.push(code.toString(16))
    if (oneLine.valid(inText) !== (toLine(inText, 10) === inText)) wrong.push(`${code.toString(16)} in a line`)
    if (lines.valid(inText) !== (toText(inText, 10) === inText)) wrong.push(`${code.toString(16)} in text`)
  }
  t.same(wrong, [])
})

t.test('whatever a file brings fits the schema once it is repaired', async t => {
  const property = fc.property(anyText, value => {
    const [asLine, asText] = [toLine(value, MAX), toText(value, MAX)]
    return (
      boundedLine.valid(asLine) &&
      boundedText.valid(asText) &&
      toLine(asLine, MAX) === asLine &&
      toText(asText, MAX) === asText &&
      isWellFormed(toFileText(value))
    )
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
})

t.test('a line keeps its words apart where lines ended, and loses what is not to be seen', async t => {
  t.equal(toLine(' Harbour\r\n\tat dawn\u0000 \u202e', MAX), 'Harbour at dawn')
  t.equal(toLine('\u001b[31mRed\ud83d', MAX), '[31mRed\ufffd')
  t.equal(toLine('\u0007', MAX), '')
  t.equal(toText('one\r\n\ttwo\u0007\fthree', MAX), 'one\r\n\ttwo\nthree')
})

t.test('a cut counts code points and leaves no character in pieces', async t => {
  t.equal(cut('🦊🦊🦊', 2), '🦊🦊')
  t.equal(cut('a👨‍👩‍👧‍👦', 4), 'a', 'a family is one')
  t.equal(cut('🇩🇪🇫🇷', 3), '🇩🇪', 'and so is a flag')
  t.equal(cut('cafe\u0301', 4), 'caf')
  t.equal(lengthOf(cut('\u0301'.repeat(500), MAX)), MAX, 'one that is longer than the bound is cut all the same')
  t.equal(shorten('🦊'.repeat(5), 5), '🦊'.repeat(5))
  t.equal(shorten('🦊'.repeat(6), 5), `${'🦊'.repeat(4)}…`)
  const property = fc.property(anyText, fc.integer({ min: 0, max: 50 }), (value, max) => {
    const short = cut(value, max)
    return (
      value.startsWith(short) &&
      lengthOf(short) <= max &&
      (!isWellFormed(value) || isWellFormed(short)) &&
      (lengthOf(value) > max || short === value)
    )
  })
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
})

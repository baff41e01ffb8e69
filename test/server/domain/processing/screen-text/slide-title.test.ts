import { titleOf } from '@cuewire/server/domain/processing/screen-text/slide-title.js'
import t from 'tap'

const lineAt = (text: string, y: number, height: number) => ({ text, box: { x: 0.1, y, width: 0.5, height } })
const POINTS = [lineAt('Sheep graze', 0.3, 0.05), lineAt('Lambs are born', 0.4, 0.05), lineAt('Wool is cut', 0.5, 0.04)]

t.test('the title is the line with the largest letters, above the others', async t => {
  const title = lineAt('Area', 0.1, 0.07)
  t.equal(titleOf([...POINTS, title]), title)
  t.equal(titleOf([...POINTS, lineAt('Area', 0.55, 0.07)]), undefined, 'not below the others')
  t.equal(titleOf([...POINTS, lineAt('Sheep grass', 0.1, 0.055)]), undefined, 'not of the same size')
  t.equal(titleOf([]), undefined)
})

t.test('a line alone is a title if it is large, and a caption at the bottom is none', async t => {
  const title = lineAt('Part two', 0.45, 0.1)
  t.equal(titleOf([title]), title)
  t.equal(titleOf([lineAt('Part two', 0.45, 0.035)]), undefined)
  t.equal(titleOf([lineAt('Part two', 0.85, 0.1)]), undefined)
})

import { slideTitlesAt } from '@cuewire/server/domain/processing/segment/slide-titles.js'
import t from 'tap'

const title = (text: string, start: number, end: number) => ({ text, start, end, isTitle: true })

t.test('a chapter is named by the slide on the screen at its start', async t => {
  const lines = [
    title('Tides', 0, 28),
    { text: 'The Moon pulls', start: 0, end: 28, isTitle: false },
    title('Harbours', 33, 60),
    title('Nets', 75, 90),
  ]
  t.strictSame(slideTitlesAt([0, 30, 60, 62], lines), ['Tides', 'Harbours', undefined, undefined])
})

t.test('a header of all slides, a page number and a slide that stays name no chapter', async t => {
  t.strictSame(slideTitlesAt([0, 30, 60], [title('Boats 2026', 0, 90)]), [undefined, undefined, undefined])
  t.strictSame(slideTitlesAt([0, 30], [title('12', 0, 30), title('Nets', 29, 60)]), [undefined, 'Nets'])
  t.strictSame(slideTitlesAt([0, 30, 60, 90], [title('Nets', 0, 50)]), ['Nets', undefined, undefined, undefined])
})

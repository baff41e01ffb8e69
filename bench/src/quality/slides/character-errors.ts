import { editDistance } from '../../lib/edit-distance.js'

/**
 * Character error rate: the least number of characters to insert, delete or replace to turn the reference into the
 * hypothesis, divided by the characters of the reference. Case, punctuation and single spaces count; runs of spaces
 * are one.
 */
export function characterErrorRate(reference: string, hypothesis: string): number {
  const [written, read] = [reference, hypothesis].map(text => [...text.replace(/\s+/g, ' ').trim()])
  if (!written || !read || written.length === 0) throw new RangeError('reference: it has no character')
  return editDistance(written, read) / written.length
}

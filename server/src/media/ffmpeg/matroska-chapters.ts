import {
  type EbmlElement,
  EbmlFault,
  type EbmlFields,
  elementAt,
  fieldsOf,
  findSegment,
  type ReadBytes,
  readContent,
  toUnsigned,
} from './ebml.js'
import type { RawChapter } from './file-chapters.js'

/** IDs of RFC 9559. */
const ID = {
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  cluster: 0x1f43b675,
  chapters: 0x1043a770,
  edition: 0x45b9,
  editionHidden: 0x45bd,
  editionDefault: 0x45db,
  atom: 0xb6,
  start: 0x91,
  end: 0x92,
  hidden: 0x98,
  enabled: 0x4598,
  otherSegment: 0x6e67,
  display: 0x80,
  text: 0x85,
} as const

/** Most elements of the segment to visit on the way to the chapters. */
const MAX_ELEMENTS = 1000
const MAX_SEEK_HEAD_BYTES = 16 * 1024
// The chapters are parsed on the event loop. Longer lists are left to ffprobe, a separate process.
const MAX_CHAPTERS_BYTES = 256 * 1024
const MAX_EDITIONS = 100
const MAX_CHAPTERS = 2000
const MAX_TITLE_BYTES = 4096

/**
 * Reads the chapters of a Matroska or WebM file, sorted by start. ffprobe drops each chapter that starts before one
 * listed earlier. Undefined if the file has no list of chapters, or one that is damaged or too long.
 */
export async function matroskaChapters(read: ReadBytes): Promise<readonly RawChapter[] | undefined> {
  try {
    const segment = await findSegment(read)
    const chapters = segment && (await findChapters(read, segment))
    return chapters && parseChapters(await readContent(read, chapters, MAX_CHAPTERS_BYTES))
  } catch (error) {
    if (error instanceof EbmlFault) return undefined
    throw error
  }
}

async function findChapters(read: ReadBytes, segment: EbmlElement): Promise<EbmlElement | undefined> {
  const { from, to = Number.POSITIVE_INFINITY } = segment
  let seekHead: EbmlElement | undefined
  let at = from
  for (let count = 0; count < MAX_ELEMENTS && at < to; count++) {
    const element = await elementAt(read, at)
    // Elements after the first cluster are found through the index, if there is one.
    if (!element || (element.id === ID.cluster && seekHead)) break
    if (element.id === ID.chapters) return element
    if (element.id === ID.seekHead) seekHead ??= element
    // An element of unknown size is walked through.
    at = element.to ?? element.from
  }
  return seekHead && followSeekHead(read, segment, seekHead)
}

/** Tools that add chapters to a finished file may write a second index at its end, and an entry for it in the first. */
async function followSeekHead(read: ReadBytes, segment: EbmlElement, first: EbmlElement) {
  const target = async (seekHead: EbmlElement, id: number) => {
    const position = seekPosition(await readContent(read, seekHead, MAX_SEEK_HEAD_BYTES), id)
    const element = position === undefined ? undefined : await elementAt(read, segment.from + position)
    return element?.id === id ? element : undefined
  }
  const chapters = await target(first, ID.chapters)
  if (chapters) return chapters
  const second = await target(first, ID.seekHead)
  return second && target(second, ID.chapters)
}

/** Where an element is, counted from the content of the segment. */
function seekPosition(seekHead: Buffer, id: number): number | undefined {
  for (const seek of fieldsOf(seekHead).get(ID.seek) ?? []) {
    const fields = fieldsOf(seek)
    const position = first(fields, ID.seekPosition)
    if (position && unsigned(fields, ID.seekId, 0) === id) return toUnsigned(position)
  }
  return undefined
}

/** A chapter whose end may be given by the next one. */
type OpenChapter = Omit<RawChapter, 'end'> & { readonly end: number | undefined }

function parseChapters(content: Buffer): readonly RawChapter[] {
  const editions = childrenOf(fieldsOf(content), ID.edition, MAX_EDITIONS).filter(edition => edition.has(ID.atom))
  const visible = editions.filter(edition => unsigned(edition, ID.editionHidden, 0) === 0)
  // If every edition is hidden, players still show one.
  const choice = visible.length > 0 ? visible : editions
  const edition = choice.find(edition => unsigned(edition, ID.editionDefault, 0) !== 0) ?? choice[0]
  return edition ? inOrder(childrenOf(edition, ID.atom, MAX_CHAPTERS).flatMap(parseChapter)) : []
}

/**
 * The chapter of an atom, unless it is hidden, disabled or lies in another file. Nested atoms are ignored, as ffmpeg ignores them.
 * The times of an ordered edition need no conversion: they are places in the file, which is decoded from start to end.
 */
function parseChapter(atom: EbmlFields): OpenChapter[] {
  const [start, end] = [first(atom, ID.start), first(atom, ID.end)]
  const isShown = unsigned(atom, ID.enabled, 1) !== 0 && unsigned(atom, ID.hidden, 0) === 0
  if (!start || !isShown || atom.has(ID.otherSegment)) return []
  // A file may have one for each language; the first is taken.
  const display = first(atom, ID.display)
  const title = display && first(fieldsOf(display), ID.text)
  return [{ start: toSeconds(start), end: end && toSeconds(end), title: title && toTitle(title) }]
}

/** Sorts chapters by their start. One without an end ends where the next one starts, as ffmpeg has it. */
function inOrder(chapters: readonly OpenChapter[]): RawChapter[] {
  const sorted = chapters.toSorted((a, b) => a.start - b.start)
  const starts = [...new Set(sorted.map(({ start }) => start))]
  const nextStart = new Map(starts.map((start, at) => [start, starts[at + 1]]))
  return sorted.map(chapter => ({
    ...chapter,
    end: chapter.end ?? nextStart.get(chapter.start) ?? Number.POSITIVE_INFINITY,
  }))
}

const first = (fields: EbmlFields, id: number) => fields.get(id)?.[0]

function childrenOf(fields: EbmlFields, id: number, max: number): EbmlFields[] {
  const contents = fields.get(id) ?? []
  if (contents.length > max) throw new EbmlFault('There are more elements than are read.')
  return contents.map(fieldsOf)
}

/** An unsigned integer; an element without content has its default value. */
function unsigned(fields: EbmlFields, id: number, fallback: number): number {
  const content = first(fields, id)
  return content && content.length > 0 ? toUnsigned(content) : fallback
}

const toSeconds = (nanoseconds: Buffer) => toUnsigned(nanoseconds) / 1e9

/** Text ends at a zero byte. */
function toTitle(content: Buffer): string {
  const zero = content.indexOf(0)
  return content.toString('utf8', 0, Math.min(zero < 0 ? content.length : zero, MAX_TITLE_BYTES))
}

import { LIMITS } from '@cuewire/protocol'

/** Frames that hold as much as a frame may and are refused. */
export const FRAME_CASES: Readonly<Record<string, string>> = {
  '45,000 unknown keys': `{"type":"ping","data":{${Array.from({ length: 45_000 }, (_, at) => `"k${at}":1`).join()}}}`,
  '4,000 long keys': `{"type":"ping","data":{${Array.from({ length: 4000 }, (_, at) => `"${at}${'\\n'.repeat(55)}":1`).join()}}}`,
  'an array of numbers': within('{"type":"search.query","data":{"query":"a","videoIds":[1', ',1', ']}}'),
  'an array of objects': within('{"type":"chat.create","data":{"videoIds":[{}', ',{}', ']}}'),
  'a long title': within('{"type":"video.create","data":{"filename":"a","sizeBytes":1,"title":"', 'a', '"}}'),
  brackets: within('', '[', ''),
  'no JSON': within('{"type":"', 'a', ''),
}

function within(begin: string, unit: string, end: string): string {
  const room = LIMITS.frameBytes - begin.length - end.length
  return begin + unit.repeat(Math.floor(room / unit.length)) + end
}

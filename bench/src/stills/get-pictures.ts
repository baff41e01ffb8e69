/** What came of pictures that were asked for at once. */
export interface Answers {
  /** Answered with 200 and a whole JPEG. */
  readonly pictures: number
  /** How often each of the other outcomes came: a status with its code, or what was wrong. */
  readonly others: Readonly<Record<string, number>>
}

interface Asked {
  readonly port: number
  readonly videoId: string
  /** In seconds of the video. */
  readonly times: readonly number[]
  readonly signal: AbortSignal
}

/** Longer than the server lets a request wait for its decoder. */
const TIMEOUT_MS = 120_000
const PICTURE = 'picture'
const JPEG_BEGIN = Buffer.from([0xff, 0xd8, 0xff])
const JPEG_END = Buffer.from([0xff, 0xd9])

/** Requests the pictures at all these times at once, each over a separate connection. */
export async function getPictures({ port, videoId, times, signal }: Asked): Promise<Answers> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  const frames = `http://127.0.0.1:${port}/v1/videos/${videoId}/frames`
  const outcomes = await Promise.all(times.map(at => outcomeOf(`${frames}/${at.toFixed(3)}.jpg`, ended)))
  signal.throwIfAborted()
  const others: Record<string, number> = {}
  for (const outcome of outcomes) if (outcome !== PICTURE) others[outcome] = (others[outcome] ?? 0) + 1
  return { pictures: outcomes.filter(outcome => outcome === PICTURE).length, others }
}

async function outcomeOf(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' }, signal })
    const body = Buffer.from(await response.arrayBuffer())
    if (response.status === 200) return isJpeg(body) ? PICTURE : 'no JPEG'
    return `${response.status} ${/"code":"([a-z_.]+)"/.exec(body.toString())?.[1] ?? ''}`.trim()
  } catch {
    return 'no answer'
  }
}

function isJpeg(body: Buffer): boolean {
  return body.subarray(0, JPEG_BEGIN.length).equals(JPEG_BEGIN) && body.subarray(-JPEG_END.length).equals(JPEG_END)
}

/** Limits that both sides must agree on. The server repeats the configurable ones in `hello`. */
export const LIMITS = {
  /** Largest command frame in bytes; a larger one is answered with `frame.too_large`. */
  frameBytes: 512 * 1024,
  /** Largest frame the socket accepts at all; a larger one ends the connection. */
  hardFrameBytes: 4 * 1024 * 1024,
  /** Commands of one connection that may wait for their reply at the same time. */
  inFlight: 64,
  /** Topics one connection may be subscribed to. */
  subscriptions: 256,
  /** Levels of nested objects and arrays in a frame. */
  depth: 16,
  /** Values in a frame that contain no others: numbers, strings, empty arrays and so on. */
  values: 4096,
  /** How long the reply to an idempotency key is kept. */
  idempotencyMs: 10 * 60 * 1000,
  /** Rows in one page of a list. */
  pageSize: 200,
  /** Characters in a title. */
  titleLength: 200,
  /** Characters in a file name. */
  filenameLength: 255,
  /** Characters in a label, name of a speaker, keyword or search term. */
  labelLength: 100,
  /** Characters in one word of a transcript. */
  wordLength: 200,
  /** Characters in a question or a search query. */
  queryLength: 1000,
  /** Characters of subtitles accepted in one command. */
  subtitlesLength: 500_000,
  /** Characters in the message of an error. */
  messageLength: 2000,
  /** Characters in the reason of a stage, and in a detail of an error. */
  reasonLength: 500,
  /** Bytes read of one subtitle stream in a file. */
  embeddedSubtitlesBytes: 16 * 1024 * 1024,
  /** Cues in one set of subtitles. */
  subtitleCues: 100_000,
  /** Characters of one cue, markup included. */
  cueLength: 20_000,
  /** Characters of one transcript segment, citation quote or answer delta. */
  textLength: 20_000,
  /** Videos one search or chat may name. */
  videosPerScope: 100,
} as const

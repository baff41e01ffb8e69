import type { Id, Seconds } from '@cuewire/protocol'

/** What vectors stand for: sentences of the transcript, or pictures. */
export type VectorSource = 'sentence-vectors' | 'picture-vectors'

/** A span of a video and its vector, of unit length. */
export interface SpanVector {
  /** Order within the source. */
  readonly position: number
  readonly start: Seconds
  readonly end: Seconds
  readonly vector: Float32Array
}

export interface VectorQuery {
  /** Id of the embedding space, that of the pack which made the vectors. */
  readonly space: string
  readonly vector: Float32Array
  /** @default all videos */
  readonly videoIds?: readonly Id[] | undefined
  readonly limit: number
}

export interface VectorHit {
  readonly videoId: Id
  readonly source: VectorSource
  readonly position: number
  readonly start: Seconds
  readonly end: Seconds
  /** Cosine of the angle between the vectors, up to the rounding of stored ones. */
  readonly similarity: number
}

/**
 * Vectors of the spans of videos. A job writes a draft, which searches see once it is complete; then it replaces the
 * previous result. They are removed with their video.
 */
export interface VectorStore {
  /** Opens the draft of this job, or continues it after a crash. Removes drafts of other jobs. */
  begin(videoId: Id, source: VectorSource, jobId: Id): Promise<void>
  /** Adds vectors of one space. A vector with the same position is replaced. */
  add(videoId: Id, source: VectorSource, jobId: Id, space: string, spans: readonly SpanVector[]): Promise<void>
  /** Makes the draft the result. Calling it again has no effect. */
  complete(videoId: Id, source: VectorSource, jobId: Id): Promise<void>
  /** The spans with the most similar vectors, best first. */
  nearest(query: VectorQuery): Promise<VectorHit[]>
  /** Number of vectors of a video that searches see. */
  count(videoId: Id): Promise<number>
}

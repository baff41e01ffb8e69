import { TokenBucket } from '../lib/token-bucket.js'

/** Most unheld buckets to keep until they are full again; the one released first is dropped first. */
const MAX_IDLE = 50_000

interface Shared {
  readonly bucket: TokenBucket
  holders: number
}

/** Token buckets shared by name. An unheld bucket is dropped once it is full again. */
export class SharedBuckets {
  private readonly held = new Map<string, Shared>()
  private readonly idle = new Map<string, Shared>()

  constructor(private readonly limits: { readonly perSecond: number; readonly burst: number }) {}

  get size(): number {
    return this.held.size + this.idle.size
  }

  /** The bucket of a connection, held until `release`. */
  hold(name: string, nowMs: number): TokenBucket {
    const shared = this.held.get(name) ?? this.idle.get(name) ?? this.create(nowMs)
    shared.holders++
    this.idle.delete(name)
    this.held.set(name, shared)
    return shared.bucket
  }

  release(name: string): void {
    const shared = this.held.get(name)
    if (!shared || --shared.holders > 0) return
    this.held.delete(name)
    this.rest(name, shared)
  }

  /** The bucket for a single request, which is not held. */
  peek(name: string, nowMs: number): TokenBucket {
    const known = this.held.get(name) ?? this.idle.get(name)
    if (known) return known.bucket
    const shared = this.create(nowMs)
    this.rest(name, shared)
    return shared.bucket
  }

  /** Drops unheld buckets that are full: a new bucket would be the same. */
  sweep(nowMs: number): void {
    for (const [name, { bucket }] of this.idle) {
      bucket.refill(nowMs)
      if (bucket.full) this.idle.delete(name)
    }
  }

  private create(nowMs: number): Shared {
    return { bucket: new TokenBucket(this.limits.perSecond, this.limits.burst, nowMs), holders: 0 }
  }

  private rest(name: string, shared: Shared): void {
    this.idle.set(name, shared)
    if (this.idle.size <= MAX_IDLE) return
    for (const oldest of this.idle.keys()) {
      this.idle.delete(oldest)
      return
    }
  }
}

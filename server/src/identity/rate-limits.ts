import { errorOf } from '../lib/app-error.js'
import type { Fault } from '../lib/error-shape.js'
import { addressGroup } from '../lib/ip-address.js'
import { TokenBucket } from '../lib/token-bucket.js'
import { type Principal, principalKey } from './principal.js'
import { SharedBuckets } from './shared-buckets.js'

/** What a principal, or an address, may do as a multiple of one connection. */
const SHARED_FACTOR = 5

export interface RateLimitsOptions {
  /** Tokens a connection gets each second, and how many it may save up. */
  readonly perSecond: number
  readonly burst: number
}

/** The rate limits of this server: token buckets of each connection, each principal and each remote address or its /64 network. */
export class RateLimits {
  private readonly principals: SharedBuckets
  private readonly addresses: SharedBuckets

  constructor(private readonly options: RateLimitsOptions) {
    const shared = { perSecond: options.perSecond * SHARED_FACTOR, burst: options.burst * SHARED_FACTOR }
    this.principals = new SharedBuckets(shared)
    this.addresses = new SharedBuckets(shared)
  }

  /** Shared buckets in memory. */
  get size(): number {
    return this.principals.size + this.addresses.size
  }

  /** The limits of a new connection; `release` is to be called when it has ended. */
  connection(principal: Principal, address: string, nowMs: number): ConnectionRate {
    const key = principalKey(principal)
    const group = addressGroup(address)
    return new ConnectionRate(
      new TokenBucket(this.options.perSecond, this.options.burst, nowMs),
      this.principals.hold(key, nowMs),
      this.addresses.hold(group, nowMs),
      () => {
        this.principals.release(key)
        this.addresses.release(group)
      },
    )
  }

  /** Takes one token for an HTTP request from its address, before anything else is done for it. Throws `limit.rate`. */
  requestFrom(address: string, nowMs: number): void {
    takeOne(this.addresses.peek(addressGroup(address), nowMs), nowMs)
  }

  /** Takes one token for an HTTP request from whom it turned out to come from. Throws `limit.rate`. */
  requestBy(principal: Principal, nowMs: number): void {
    takeOne(this.principals.peek(principalKey(principal), nowMs), nowMs)
  }

  /**
   * Takes tokens of an HTTP request from whom it comes from and from its address, and returns 0; or takes nothing and
   * returns the milliseconds until both have them.
   */
  request(
    { principal, address, cost }: { readonly principal: Principal; readonly address: string; readonly cost: number },
    nowMs: number,
  ): number {
    const buckets = [
      this.principals.peek(principalKey(principal), nowMs),
      this.addresses.peek(addressGroup(address), nowMs),
    ]
    for (const bucket of buckets) bucket.refill(nowMs)
    const waitMs = Math.max(...buckets.map(bucket => bucket.waitMs(cost)))
    if (waitMs === 0) for (const bucket of buckets) bucket.take(cost)
    return waitMs
  }

  /** Forgets buckets that are of no consequence any more; to be called about once a second. */
  sweep(nowMs: number): void {
    this.principals.sweep(nowMs)
    this.addresses.sweep(nowMs)
  }
}

/** The three buckets that the commands of one connection are paid from. */
export class ConnectionRate {
  constructor(
    private readonly own: TokenBucket,
    private readonly principal: TokenBucket,
    private readonly address: TokenBucket,
    /** Lets go of the shared buckets; to be called once. */
    readonly release: () => void,
  ) {}

  /** Takes the cost from all three and returns 0, or takes nothing and returns the milliseconds until all have it. */
  take(cost: number, nowMs: number): number {
    const { own, principal, address } = this
    own.refill(nowMs)
    principal.refill(nowMs)
    address.refill(nowMs)
    if (!own.has(cost) || !principal.has(cost) || !address.has(cost)) {
      return Math.max(own.waitMs(cost), principal.waitMs(cost), address.waitMs(cost))
    }
    own.take(cost)
    principal.take(cost)
    address.take(cost)
    return 0
  }
}

/** The refusal of what came too soon. */
export function tooFast(retryAfterMs: number): Fault {
  const message = `Too much in a short time: there is room again in ${retryAfterMs} ms.`
  return { code: 'limit.rate', message, retryAfterMs }
}

function takeOne(bucket: TokenBucket, nowMs: number): void {
  bucket.refill(nowMs)
  const waitMs = bucket.waitMs(1)
  if (waitMs > 0) throw errorOf(tooFast(waitMs))
  bucket.take(1)
}

import { errorOf } from '../lib/app-error.js'
import type { Fault } from '../lib/error-shape.js'
import { addressGroup } from '../lib/ip-address.js'
import { TokenBucket } from '../lib/token-bucket.js'
import { type Principal, principalKey } from './principal.js'
import { SharedBuckets } from './shared-buckets.js'

/** Limit of a principal or an address, as a multiple of that of one connection. */
const SHARED_FACTOR = 5

export interface RateLimitsOptions {
  /** Tokens a connection gains each second, and the most it may save up. */
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

  /** Returns the limits of a new connection. Call `release` when the connection has ended. */
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

  /** Takes one token of the address for an HTTP request, before any other work. Throws `limit.rate`. */
  requestFrom(address: string, nowMs: number): void {
    takeOne(this.addresses.peek(addressGroup(address), nowMs), nowMs)
  }

  /** Takes one token of the authenticated principal for an HTTP request. Throws `limit.rate`. */
  requestBy(principal: Principal, nowMs: number): void {
    takeOne(this.principals.peek(principalKey(principal), nowMs), nowMs)
  }

  /**
   * Takes tokens for an HTTP request from its principal and its address and returns 0. If either has too few, takes
   * nothing and returns the milliseconds until both have enough.
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

  /** Drops buckets that are full again. Call about once a second. */
  sweep(nowMs: number): void {
    this.principals.sweep(nowMs)
    this.addresses.sweep(nowMs)
  }
}

/** The three buckets that pay for the commands of one connection. */
export class ConnectionRate {
  constructor(
    private readonly own: TokenBucket,
    private readonly principal: TokenBucket,
    private readonly address: TokenBucket,
    /** Releases the shared buckets. Call once. */
    readonly release: () => void,
  ) {}

  /**
   * Takes the cost from all three and returns 0. If one has too few tokens, takes nothing and returns the milliseconds
   * until all have enough.
   */
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

/** The `limit.rate` error. */
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

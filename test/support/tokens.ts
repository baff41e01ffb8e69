import { createHmac } from 'node:crypto'

/** The secret of servers that tests start. */
export const SECRET = 'a secret of tests, 32 characters or more'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Seconds since 1970, as claims have them. */
export const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

/** Header and claims as a token without its signature. */
export const unsigned = (header: object, claims: object): string => `${encode(header)}.${encode(claims)}`

/** A token of HS256 for `ada`, good for an hour; made by hand, so that the server's library does not check itself. */
export function token(claims: object = {}, secret = SECRET): string {
  const text = unsigned({ alg: 'HS256', typ: 'JWT' }, { sub: 'ada', exp: secondsFromNow(3600), ...claims })
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

import { isIPv6 } from 'node:net'

/** The canonical form of an address: IPv6 as in RFC 5952, and IPv4 mapped into IPv6 as IPv4. */
export function usualAddress(address: string): string {
  if (!isIPv6(address)) return address
  const usual = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(usual) ?? []
  return high === undefined || low === undefined ? usual : [...bytesOf(high), ...bytesOf(low)].join('.')
}

/** The unit by which clients are counted: an IPv4 address, or an IPv6 /64 network. */
export function addressGroup(address: string): string {
  const usual = usualAddress(address)
  if (!isIPv6(usual)) return usual
  const [left = [], right = []] = usual.split('::').map(part => (part === '' ? [] : part.split(':')))
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}

function bytesOf(word: string): [number, number] {
  const value = Number.parseInt(word, 16)
  return [value >> 8, value & 255]
}

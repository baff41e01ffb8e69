import { addressGroup, usualAddress } from '@cuewire/server/lib/ip-address.js'
import fc from 'fast-check'
import t from 'tap'

const word = fc.integer({ min: 0, max: 0xffff })
const words = (count: number) => fc.array(word, { minLength: count, maxLength: count })
const byte = fc.integer({ min: 0, max: 255 })

/** As uWebSockets.js writes addresses: every digit of all eight words. */
const inFull = (address: readonly number[]) => address.map(part => part.toString(16).padStart(4, '0')).join(':')

const isMapped = (address: readonly number[]) => address.slice(0, 5).every(part => part === 0) && address[5] === 0xffff

t.test('addresses of IPv6 are one group as long as their first 64 bits are the same', async t => {
  const bit = fc.integer({ min: 0, max: 63 })
  const property = fc.property(words(4), words(4), words(4), bit, (network, host, other, flipped) => {
    const neighbour = network.map((part, i) => (i === flipped >> 4 ? part ^ (1 << (flipped & 15)) : part))
    fc.pre([network, neighbour].every(first => !isMapped([...first, ...host]) && !isMapped([...first, ...other])))
    const group = addressGroup(inFull([...network, ...host]))
    return (
      group === addressGroup(inFull([...network, ...other])) && group !== addressGroup(inFull([...neighbour, ...host]))
    )
  })
  t.doesNotThrow(() => fc.assert(property))
})

t.test('the spelling of an address makes no difference', async t => {
  const property = fc.property(fc.ipV6(), address => {
    const usual = usualAddress(address)
    return (
      usualAddress(usual) === usual &&
      usualAddress(address.toUpperCase()) === usual &&
      addressGroup(address) === addressGroup(usual)
    )
  })
  t.doesNotThrow(() => fc.assert(property))
  for (const spelling of ['2001:DB8:0:0:1::', '2001:0db8:0000:0000:0001:0000:0000:0000', '2001:db8::1:0:0:0']) {
    t.equal(usualAddress(spelling), '2001:db8:0:0:1::')
    t.equal(addressGroup(spelling), '2001:db8:0:0::/64')
  }
  t.equal(usualAddress('0000:0000:0000:0000:0000:0000:0000:0001'), '::1')
})

t.test('an IPv4 address is a group of its own, also within IPv6', async t => {
  const property = fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
    const address = `${a}.${b}.${c}.${d}`
    const mapped = inFull([0, 0, 0, 0, 0, 0xffff, a * 256 + b, c * 256 + d])
    return [address, mapped, `::ffff:${address}`].every(
      spelling => usualAddress(spelling) === address && addressGroup(spelling) === address,
    )
  })
  t.doesNotThrow(() => fc.assert(property))
})

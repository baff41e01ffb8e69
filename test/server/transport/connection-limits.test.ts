import { LOCAL_PRINCIPAL } from '@cuewire/server/identity/principal.js'
import { ConnectionLimits } from '@cuewire/server/transport/connection-limits.js'
import t from 'tap'

const ada = { ...LOCAL_PRINCIPAL, subject: 'ada' }
const code = 'http.too_many_connections'

t.test('each address and each IPv6 network has its own count, which ends with its connections', async t => {
  const limits = new ConnectionLimits({ inAll: 100, ofAddress: 2, ofSubject: 100 })
  for (const [one, two, other] of [
    ['192.0.2.1', '::ffff:192.0.2.1', '192.0.2.2'],
    ['2001:db8::1', '2001:db8::2', '2001:db8:0:1::1'],
  ] as const) {
    const leave = limits.enter(one, ada)
    limits.checkAddress(two)
    limits.enter(two, ada)
    t.throws(() => limits.checkAddress(one), {
      code,
      message: /^This address has reached its limit of connections \(2\)/,
    })
    limits.checkAddress(other)
    leave()
    limits.checkAddress(one)
  }
})

t.test('each subject of a tenant has its own count', async t => {
  const limits = new ConnectionLimits({ inAll: 100, ofAddress: 100, ofSubject: 1 })
  const leave = limits.enter('192.0.2.1', ada)
  t.throws(() => limits.checkSubject({ ...ada }), {
    code,
    message: /^This subject has reached its limit of connections \(1\)/,
  })
  limits.checkSubject({ ...ada, tenant: 'other' })
  limits.checkSubject({ ...ada, subject: 'bob' })
  leave()
  limits.checkSubject(ada)
})

t.test('the server holds so many, from wherever they come', async t => {
  const limits = new ConnectionLimits({ inAll: 2, ofAddress: 2, ofSubject: 2 })
  const leave = limits.enter('192.0.2.1', ada)
  limits.enter('192.0.2.2', { ...ada, subject: 'bob' })
  t.throws(() => limits.checkAddress('192.0.2.3'), {
    code,
    message: /^The server has reached its limit of connections \(2\)/,
  })
  leave()
  limits.checkAddress('192.0.2.3')
})

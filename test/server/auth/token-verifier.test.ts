import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { AppError } from '@cuewire/server/lib/app-error.js'
import { createTokenVerifier, type TokenVerifierOptions } from '@cuewire/server/transport/auth/token-verifier.js'
import fc from 'fast-check'
import t from 'tap'
import { SECRET, secondsFromNow, token, unsigned } from '../../support/tokens.js'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = generateKeyPairSync('ed25519')
const pem = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ type: 'spki', format: 'pem' }).toString()

const CLAIMS = { sub: 'ada', exp: secondsFromNow(3600), scope: 'read chat openid' }
const options = (change: Partial<TokenVerifierOptions> = {}): TokenVerifierOptions => ({
  secret: SECRET,
  publicKeys: [],
  issuer: '',
  audience: '',
  ...change,
})
const all = createTokenVerifier(options({ publicKeys: [pem(rsa), pem(ec), pem(ed)] }))
const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'accepted'
  } catch (error) {
    return (error as AppError).code
  }
}

type SignKey = Exclude<Parameters<typeof sign>[2], string>

function signed(alg: string, hash: string | null, key: SignKey, claims: object = CLAIMS): string {
  const text = unsigned({ alg }, claims)
  return `${text}.${sign(hash, Buffer.from(text), key).toString('base64url')}`
}

const rs256 = signed('RS256', 'sha256', rsa.privateKey)
const ps256 = signed('PS256', 'sha256', {
  key: rsa.privateKey,
  padding: constants.RSA_PKCS1_PSS_PADDING,
  saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
})
const es256 = signed('ES256', 'sha256', { key: ec.privateKey, dsaEncoding: 'ieee-p1363' })
const eddsa = signed('EdDSA', null, ed.privateKey)

t.test('a token of every algorithm is accepted by a server that holds its key, and only by it', async t => {
  const tokens = { HS256: token(CLAIMS), RS256: rs256, PS256: ps256, ES256: es256, EdDSA: eddsa }
  const stranger = createTokenVerifier(
    options({ secret: 'x'.repeat(32), publicKeys: [pem(generateKeyPairSync('rsa', { modulusLength: 2048 }))] }),
  )
  for (const [name, text] of Object.entries(tokens)) {
    t.match(all(text), { subject: 'ada', tenant: 'default', expiresAtMs: CLAIMS.exp * 1000 }, name)
    t.strictSame([...all(text).scopes], ['read', 'chat'], `${name}: unknown scopes are left out`)
    t.equal(
      codeOf(() => stranger(text)),
      'auth.invalid',
      `${name} of another key`,
    )
  }
})

t.test('a token without a signature is refused, however it writes "none"', async t => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
    t.equal(
      codeOf(() => all(`${unsigned({ alg }, CLAIMS)}.`)),
      'auth.invalid',
      `alg ${alg}`,
    )
    t.equal(
      codeOf(() => all(`${unsigned({ alg }, CLAIMS)}.AAAA`)),
      'auth.invalid',
      `alg ${alg} with a signature`,
    )
  }
  t.equal(
    codeOf(() => all(unsigned({ alg: 'HS256' }, CLAIMS))),
    'auth.invalid',
    'two parts',
  )
})

t.test('the public key is no secret: a token of HS256 signed with its text is refused', async t => {
  const publicOnly = createTokenVerifier(options({ secret: '', publicKeys: [pem(rsa), pem(ec), pem(ed)] }))
  const both = createTokenVerifier(options({ publicKeys: [pem(rsa)] }))
  const text = unsigned({ alg: 'HS256' }, CLAIMS)
  const spki = pem(rsa)
  for (const key of [spki, spki.trim(), rsa.publicKey.export({ type: 'spki', format: 'der' })]) {
    const forged = `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
    t.equal(
      codeOf(() => publicOnly(forged)),
      'auth.invalid',
    )
    t.equal(
      codeOf(() => both(forged)),
      'auth.invalid',
    )
  }
  t.equal(
    codeOf(() => publicOnly(token())),
    'auth.invalid',
    'nor is any other token of HS256 accepted',
  )
  const secretOnly = createTokenVerifier(options())
  t.equal(
    codeOf(() => secretOnly(rs256)),
    'auth.invalid',
    'nor one of RS256 where there is a secret only',
  )
})

t.test('HS384 and HS512 are refused: the secret is one of HS256', async t => {
  for (const [alg, hash] of [
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const) {
    const text = unsigned({ alg }, CLAIMS)
    const forged = `${text}.${createHmac(hash, SECRET).update(text).digest('base64url')}`
    t.equal(
      codeOf(() => all(forged)),
      'auth.invalid',
      alg,
    )
  }
})

t.test('every changed character of a token makes it invalid', async t => {
  const good = token()
  for (let i = 0; i < good.length; i++) {
    // The last character of base64url has bits that do not count.
    if (i === good.length - 1) continue
    const bad = `${good.slice(0, i)}${good[i] === 'A' ? 'B' : 'A'}${good.slice(i + 1)}`
    if (codeOf(() => all(bad)) !== 'auth.invalid') t.fail(`changed at ${i}: ${codeOf(() => all(bad))}`)
  }
  t.equal(
    codeOf(() => all(good)),
    'accepted',
  )
})

t.test('whatever text comes, the answer is auth.invalid and never a fault of the server', async () => {
  const part = fc.oneof(
    fc.base64String(),
    fc.json().map(json => Buffer.from(json).toString('base64url')),
    fc.constant(Buffer.from('{"alg":"HS256"}').toString('base64url')),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(part, { maxLength: 4 }).map(parts => parts.join('.')),
      ),
      text => {
        return codeOf(() => all(text)) === 'auth.invalid'
      },
    ),
    { numRuns: 2000 },
  )
})

t.test('claims: each that is missing, of another type or out of bounds is refused', async t => {
  const verify = createTokenVerifier(options({ issuer: 'https://id.example', audience: 'cuewire' }))
  const good = { iss: 'https://id.example', aud: 'cuewire' }
  const cases: [name: string, claims: object, code: string][] = [
    ['as it should be', good, 'accepted'],
    ['one of several audiences', { ...good, aud: ['x', 'cuewire'] }, 'accepted'],
    ['scopes as an array', { ...good, scopes: ['admin', 7] }, 'accepted'],
    ['no exp', { ...good, exp: undefined }, 'auth.invalid'],
    ['exp as text', { ...good, exp: '9999999999' }, 'auth.invalid'],
    ['exp that no date can hold', { ...good, exp: 1e300 }, 'auth.invalid'],
    ['exp before any date', { ...good, exp: -1e300 }, 'auth.invalid'],
    ['nbf that no date can hold', { ...good, nbf: 1e300 }, 'auth.invalid'],
    ['expired', { ...good, exp: secondsFromNow(-60) }, 'auth.expired'],
    ['expired within the tolerance of clocks', { ...good, exp: secondsFromNow(-2) }, 'accepted'],
    ['not yet valid', { ...good, nbf: secondsFromNow(60) }, 'auth.invalid'],
    ['not yet valid within the tolerance of clocks', { ...good, nbf: secondsFromNow(3) }, 'accepted'],
    ['no sub', { ...good, sub: undefined }, 'auth.invalid'],
    ['empty sub', { ...good, sub: '' }, 'auth.invalid'],
    ['long sub', { ...good, sub: 'x'.repeat(257) }, 'auth.invalid'],
    ['half an emoji as sub', { ...good, sub: '\ud83d' }, 'auth.invalid'],
    ['a line break in sub', { ...good, sub: 'ada\n' }, 'auth.invalid'],
    ['sub as a number', { ...good, sub: 7 }, 'auth.invalid'],
    ['no iss', { ...good, iss: undefined }, 'auth.invalid'],
    ['another iss', { ...good, iss: 'https://id.example.evil' }, 'auth.invalid'],
    ['no aud', { ...good, aud: undefined }, 'auth.invalid'],
    ['another aud', { ...good, aud: 'other' }, 'auth.invalid'],
  ]
  for (const [name, claims, code] of cases)
    t.equal(
      codeOf(() => verify(token(claims))),
      code,
      name,
    )
})

t.test('a tenant names a folder, so nothing but plain names is accepted', async t => {
  const good = ['a', 'acme', 'acme-2', '0_x', 'x'.repeat(63)]
  const bad = ['', '.', '..', '../x', 'a/b', 'a\\b', '/etc', 'A', '-a', '_a', 'a.b', 'a\0', 'ä', 'a\n', 'x'.repeat(64)]
  for (const tenant of good) t.equal(all(token({ tenant })).tenant, tenant)
  for (const tenant of [...bad, null, 7, ['acme'], {}]) {
    t.equal(
      codeOf(() => all(token({ tenant }))),
      'auth.invalid',
      JSON.stringify(tenant),
    )
  }
})

t.test('without scopes a token allows nothing that asks for one', async t => {
  for (const claims of [{}, { scope: '' }, { scopes: [] }, { scope: 'READ' }, { scope: ['read chat'] }]) {
    t.equal(all(token(claims)).scopes.size, 0, JSON.stringify(claims))
  }
})

t.test('scopes are one string with spaces or an array, under either name; with both names `scopes` counts', async t => {
  const cases: [claims: object, scopes: string[]][] = [
    [{ scope: 'chat read' }, ['read', 'chat']],
    [{ scope: ['chat', 'read'] }, ['read', 'chat']],
    [{ scopes: 'chat read' }, ['read', 'chat']],
    [{ scopes: ['chat', 'read'] }, ['read', 'chat']],
    [{ scope: 'admin', scopes: ['read'] }, ['read']],
    [{ scope: ['admin'], scopes: 'read' }, ['read']],
    [{ scope: 'admin', scopes: [] }, []],
  ]
  for (const [claims, scopes] of cases) t.strictSame([...all(token(claims)).scopes], scopes, JSON.stringify(claims))
})

t.test('scopes of another type are refused, not taken for none', async t => {
  for (const claims of [{ scope: 7 }, { scope: null }, { scopes: { read: true } }, { scope: 'read', scopes: false }]) {
    t.equal(
      codeOf(() => all(token(claims))),
      'auth.invalid',
      JSON.stringify(claims),
    )
  }
})

t.test('what is wrong with a claim is told, by its name, to who holds a signed token only', async t => {
  const verify = createTokenVerifier(
    options({ publicKeys: [pem(ec)], issuer: 'https://id.example', audience: 'cuewire' }),
  )
  const good = { iss: 'https://id.example', aud: 'cuewire' }
  const cases: [claims: object, claim: string][] = [
    [{ ...good, sub: undefined }, 'sub'],
    [{ ...good, sub: '' }, 'sub'],
    [{ ...good, exp: undefined }, 'exp'],
    [{ ...good, exp: 'soon' }, 'exp'],
    [{ ...good, nbf: secondsFromNow(60) }, 'nbf'],
    [{ ...good, nbf: 'later' }, 'nbf'],
    [{ aud: 'cuewire' }, 'iss'],
    [{ ...good, iss: 'https://other.example' }, 'iss'],
    [{ iss: 'https://id.example' }, 'aud'],
    [{ ...good, aud: ['other'] }, 'aud'],
    [{ ...good, scopes: 7 }, 'scopes'],
    [{ ...good, tenant: '../x' }, 'tenant'],
  ]
  for (const [claims, claim] of cases) {
    const name = JSON.stringify(claims)
    t.throws(() => verify(token(claims)), { code: 'auth.invalid', message: new RegExp(`\\b${claim}\\b`) }, name)
    t.throws(
      () => verify(token(claims, 'x'.repeat(32))),
      {
        code: 'auth.invalid',
        message: 'The token is malformed or not signed with a key of this server; get a new one.',
      },
      name,
    )
  }
  const values = /^((?!id\.example|cuewire).)*$/
  t.throws(() => verify(token({ ...good, iss: 'x' })), { message: values }, 'without the value it should have')
  t.throws(() => verify(token({ ...good, aud: 'x' })), { message: values })
})

t.test('a text that is no public key is refused at once', async t => {
  t.throws(() =>
    createTokenVerifier(options({ publicKeys: ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'] })),
  )
})

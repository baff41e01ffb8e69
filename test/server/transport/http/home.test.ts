import { request } from 'node:http'
import t from 'tap'
import { onEachTransport } from '../../../support/on-each-transport.js'
import { startServer } from '../../../support/server.js'
import { SECRET } from '../../../support/tokens.js'

const test = onEachTransport(t)

test('the address opened in a browser tells what is here, without a token and without scripts', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const origin = `http://127.0.0.1:${port}`
  const response = await fetch(origin)
  t.equal(response.status, 200)
  t.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  t.match(response.headers.get('content-security-policy'), /default-src 'none'/)
  const page = await response.text()
  t.match(page, `ws://127.0.0.1:${port}/v1/socket`)
  t.notMatch(page, /<script|style=|onclick/)
  const links = [...page.matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link)
  t.not(links.length, 0)
  for (const link of links) {
    const found = await fetch(new URL(link, `${origin}/`))
    t.not(found.status, 404, link)
    await found.body?.cancel()
  }
})

test('behind a proxy the page gives the address that the proxy tells of', async t => {
  const { port } = await startServer(t, { CUEWIRE_HOSTS: 'video.example.org' })
  const urls = async (headers: Record<string, string>) => {
    const page = await pageAt(port, { host: 'video.example.org', ...headers })
    return [...page.matchAll(/wss?:\S*(?=<| )/g)].map(String)
  }
  const both = (url: string) => [url, url]
  const secure = { 'x-forwarded-proto': 'https' }
  t.same(await urls({}), both('ws://video.example.org/v1/socket'))
  t.same(await urls(secure), both('wss://video.example.org/v1/socket'))
  for (const prefix of ['/cuewire', '/cuewire/'])
    t.same(await urls({ ...secure, 'x-forwarded-prefix': prefix }), both('wss://video.example.org/cuewire/v1/socket'))
  t.same(await urls({ 'x-forwarded-prefix': '/a/b-1.0' }), both('ws://video.example.org/a/b-1.0/v1/socket'))
  for (const prefix of ['cuewire', '//elsewhere', '/<script>', '/a"b', '/a b', '/', '/a?b'])
    t.same(await urls({ 'x-forwarded-prefix': prefix }), both('ws://video.example.org/v1/socket'), prefix)
})

test('with authentication on, the line to type has a place for the token', async t => {
  const { port } = await startServer(t, { CUEWIRE_JWT_SECRET: SECRET })
  const page = await pageAt(port, {})
  t.match(page, `npx wscat -s cuewire.v1 -H &#34;Authorization: Bearer $TOKEN&#34; -c ws://127.0.0.1:${port}/v1/socket`)
  t.match(page, 'with a token in place of $TOKEN')
  const { port: open } = await startServer(t, {})
  t.notMatch(await pageAt(open, {}), 'TOKEN')
})

function pageAt(port: number, headers: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject).end()
  })
}

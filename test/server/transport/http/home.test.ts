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

test('behind a proxy that speaks TLS the page gives the address of the proxy', async t => {
  const { port } = await startServer(t, { CUEWIRE_HOSTS: 'video.example.org' })
  const headers = { host: 'video.example.org', 'x-forwarded-proto': 'https' }
  const page = await new Promise<string>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: '/', headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject).end()
  })
  t.match(page, 'wss://video.example.org/v1/socket')
})

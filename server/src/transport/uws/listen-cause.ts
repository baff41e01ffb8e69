import { once } from 'node:events'
import { createServer } from 'node:net'

/** The reason why uWS cannot listen. It does not report one, so Node's error at the same address is used. */
export async function listenCause(host: string, port: number): Promise<unknown> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return 'the system does not say why; try again'
  } catch (error) {
    return error
  } finally {
    server.close()
  }
}

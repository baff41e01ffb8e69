import { once } from 'node:events'
import { createServer } from 'node:net'

/** Why uWS cannot listen, which it does not tell: Node's own error at the same address says it. */
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

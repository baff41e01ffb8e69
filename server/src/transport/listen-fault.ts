import { once } from 'node:events'
import { createServer } from 'node:net'

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses the port; choose one with --port or CUEWIRE_PORT',
  EACCES: 'this user may not use the port; choose one above 1023 with --port or CUEWIRE_PORT',
  EADDRNOTAVAIL: 'this machine has no such address; set --host or CUEWIRE_HOST',
  ENOTFOUND: 'this machine has no such address; set --host or CUEWIRE_HOST',
}

/** Why uWS cannot listen, which it does not tell: Node's own error at the same address says it. */
export async function listenFault(host: string, port: number): Promise<string> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
    return 'the system does not say why; try again'
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return REASONS[code] ?? code
  } finally {
    server.close()
  }
}

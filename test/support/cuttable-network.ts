import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A wire to a port of this machine that the test can cut and mend. */
export interface CuttableNetwork {
  readonly port: number
  /** Destroys every connection and refuses new ones. */
  cut(): void
  /** Cuts once so many bytes have come from the target. */
  cutAfter(bytes: number): void
  mend(): void
}

export async function cuttableNetwork(t: Test, target: number): Promise<CuttableNetwork> {
  const open = new Set<Socket>()
  let whole = true
  let bytesLeft = Number.POSITIVE_INFINITY
  const server = createServer(client => {
    if (!whole) {
      client.destroy()
      return
    }
    const upstream = connect(target, '127.0.0.1')
    upstream.on('data', chunk => pass(chunk.length))
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket)
      // A cut is what the test is about; both ends see it as a close.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        open.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const pass = (bytes: number) => {
    bytesLeft -= bytes
    if (bytesLeft > 0) return
    bytesLeft = Number.POSITIVE_INFINITY
    cut()
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    whole = false
    for (const socket of open) socket.destroy()
  }
  t.teardown(() => {
    cut()
    server.close()
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port')
  return {
    port: address.port,
    cut,
    cutAfter: bytes => {
      bytesLeft = bytes
    },
    mend: () => {
      whole = true
    },
  }
}

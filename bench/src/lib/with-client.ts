import { type Client, connect } from '@cuewire/client'

/** Connects to a server on this machine, runs `use` and closes the client. */
export async function withClient<T>(port: number, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await connect(`ws://127.0.0.1:${port}`)
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

import { connect } from 'node:net'

/** Sends a request with one header more as it is, right or wrong, and resolves to the status it is answered with, or `closed`. */
export function requestStatus(
  port: number,
  { request, header, value }: { readonly request: string; readonly header: string; readonly value: string },
): Promise<string> {
  const host = header === 'host' ? '' : `host: 127.0.0.1:${port}\r\n`
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.setEncoding('latin1')
    socket.once('error', reject)
    socket.once('close', () => resolve('closed'))
    socket.on('data', (text: string) => {
      resolve(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'nonsense')
      socket.destroy()
    })
    socket.write(`${request} HTTP/1.1\r\n${host}tus-resumable: 1.0.0\r\n${header}: ${value}\r\n\r\n`)
  })
}

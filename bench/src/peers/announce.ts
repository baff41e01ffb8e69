/** Tells the benchmark that this server listens, and where. */
export function announce(port: number): void {
  console.log(`listening on 127.0.0.1:${port}`)
}

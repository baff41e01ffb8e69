/** Reads one number from a Cuewire server's /metrics; 0 for a label that was never counted. */
export async function readMetric(port: number, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } })
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  const line = (await response.text()).split('\n').find(text => text.startsWith(`${name} `))
  return line === undefined ? 0 : Number(line.slice(name.length + 1))
}

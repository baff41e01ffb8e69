/** Reads a number from a Cuewire server's /metrics: the value of a series, or the sum over the labels of a bare name; 0 for none. */
export async function readMetric(port: number, name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } })
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  const lines = (await response.text())
    .split('\n')
    .filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

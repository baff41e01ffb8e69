/**
 * Reads a number from a Cuewire server's /metrics: the sum of the series of this name that carry all of these labels.
 * Throws when there is none, since a misspelt name would read as 0.
 */
export async function readMetric(
  port: number,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { connection: 'close' } })
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`)
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const lines = (await response.text())
    .split('\n')
    .filter(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .filter(line => wanted.every(label => line.includes(label)))
  if (lines.length === 0) throw new Error(`/metrics has no ${name} with ${wanted.join(', ') || 'any label'}`)
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

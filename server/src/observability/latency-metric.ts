import { Histogram, type LabelValues } from 'prom-client'
import { LATENCY_BOUNDS, type Latency } from '../lib/latency.js'

interface LatencyMetricOptions {
  readonly name: string
  readonly help: string
  readonly read: () => Iterable<readonly [labels: LabelValues<string>, latency: Latency]>
}

/** Latencies that were counted elsewhere, as a Prometheus histogram: its buckets are cumulative. */
export class LatencyMetric extends Histogram {
  constructor(private readonly options: LatencyMetricOptions) {
    super({ name: options.name, help: options.help, registers: [] })
  }

  /** Called by prom-client to render the metric; missing from its typings. */
  async getForPromString(): Promise<object> {
    const { name, help, read } = this.options
    const values: object[] = []
    for (const [sharedLabels, { buckets, sumSeconds }] of read()) {
      let count = 0
      for (const [i, inBucket] of buckets.entries()) {
        count += inBucket
        const labels = { le: LATENCY_BOUNDS[i] ?? '+Inf' }
        values.push({ metricName: `${name}_bucket`, labels, sharedLabels, value: count })
      }
      values.push({ metricName: `${name}_sum`, labels: {}, sharedLabels, value: sumSeconds })
      values.push({ metricName: `${name}_count`, labels: {}, sharedLabels, value: count })
    }
    return { name, help, type: 'histogram', aggregator: 'sum', values }
  }
}

import { COMMANDS, type CommandName, ERROR_CODES, type ErrorCode } from '@cuewire/protocol'
import { Latency } from '../lib/latency.js'
import { zeros } from '../lib/zeros.js'

/**
 * Counters of one tenant's commands over WebSocket and HTTP. The hot path increments plain numbers, which the metrics
 * read.
 */
export class CommandCounters {
  /** Commands that succeeded. */
  readonly commands: Record<CommandName, number> = zeros(COMMANDS)
  readonly errors: Record<ErrorCode, number> = zeros(ERROR_CODES)
  /** Latencies of asynchronous commands by name. */
  readonly latency = new Map<CommandName, Latency>()

  /** Records how long a command took, in milliseconds, whether it succeeded or failed. */
  recordLatency(command: CommandName, ms: number): void {
    let latency = this.latency.get(command)
    if (!latency) {
      latency = new Latency()
      this.latency.set(command, latency)
    }
    latency.add(ms)
  }
}

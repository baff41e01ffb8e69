import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { inputArguments } from './input.js'
import { type ChildExit, runChild } from './run-child.js'

// ffprobe reads an interval without an end wrongly, so every interval has one: this many packets.
const MAX_PACKETS = 100_000_000

/** What the packets of a file say without being decoded. */
export interface PacketScan {
  /** Time stamp at which each stream's last packet ends, by stream number. */
  readonly ends: ReadonlyMap<number, number>
  /** ffprobe found that a packet reaches past the end of the file. */
  readonly partial: boolean
  readonly exit: ChildExit
}

export interface ScanOptions {
  /** Time stamp to start at, or rather at the key frame before it. */
  readonly from?: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Reads the packets of a file from a time to its end, in constant memory. */
export async function scanPackets(ffprobe: string, file: string, options: ScanOptions): Promise<PacketScan> {
  const interval = options.from === undefined ? [] : ['-read_intervals', `${options.from.toFixed(3)}%+#${MAX_PACKETS}`]
  const entries = ['-show_entries', 'packet=stream_index,pts_time,dts_time,duration_time', '-of', 'compact=p=0']
  const { value, exit } = await runChild(
    ffprobe,
    ['-hide_banner', '-v', 'error', ...interval, ...entries, ...inputArguments(file)],
    { signal: options.signal, timeoutMs: options.timeoutMs, pipes: 1, read: ([pipe]) => lastEnds(pipe) },
  )
  return { ends: value, partial: /partial file/i.test(exit.stderr), exit }
}

async function lastEnds(pipe: Readable): Promise<Map<number, number>> {
  const ends = new Map<number, number>()
  for await (const line of createInterface({ input: pipe })) {
    const packet = parsePacket(line)
    if (packet) ends.set(packet.stream, Math.max(packet.end, ends.get(packet.stream) ?? Number.NEGATIVE_INFINITY))
  }
  return ends
}

/** Parses `stream_index=0|pts_time=1.5|dts_time=N/A|duration_time=0.04`; undefined for a packet without a time. */
export function parsePacket(line: string): { stream: number; end: number } | undefined {
  const fields = new Map(line.split('|').map(field => field.split('=', 2) as [string, string | undefined]))
  const number = (name: string): number => Number.parseFloat(fields.get(name) ?? '')
  const stream = number('stream_index')
  const pts = number('pts_time')
  const time = Number.isFinite(pts) ? pts : number('dts_time')
  if (!Number.isInteger(stream) || !Number.isFinite(time)) return undefined
  const duration = number('duration_time')
  return { stream, end: time + (Number.isFinite(duration) ? duration : 0) }
}

/** Time stamp at which the last of these streams ends; minus infinity when none of them has a packet. */
export const latestEnd = (scan: PacketScan, streams: readonly (number | undefined)[]): number =>
  Math.max(...streams.map(stream => scan.ends.get(stream ?? -1) ?? Number.NEGATIVE_INFINITY))

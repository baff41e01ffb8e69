import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { inputArguments } from './input.js'
import type { ChildExit } from './run-child.js'
import { runReader } from './run-reader.js'

// ffprobe misreads an open interval, so every interval ends after this many packets.
const MAX_PACKETS = 100_000_000
const ENTRIES = 'packet=stream_index,pts_time,dts_time,duration_time,flags:packet_side_data=side_data_type'

/** Facts from the packets of a file, without decoding them. */
export interface PacketScan {
  /** Time stamp at which each stream's last packet ends, by stream number. */
  readonly ends: ReadonlyMap<number, number>
  /** Streams with packets that are encrypted. */
  readonly encrypted: ReadonlySet<number>
  /** False if the timeout came before the end of the file. */
  readonly complete: boolean
  readonly exit: ChildExit
}

export interface ScanOptions {
  /** Time stamp to start at; in fact, at the key frame before it. */
  readonly from?: number
  /** Wall time after which the scan stops with what it has found. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/** Scans the packets of a file from a time to its end, in constant memory. */
export async function scanPackets(ffprobe: string, file: string, options: ScanOptions): Promise<PacketScan> {
  const { from, signal, timeoutMs } = options
  const interval = from === undefined ? [] : ['-read_intervals', `${from.toFixed(3)}%+#${MAX_PACKETS}`]
  const show = ['-show_entries', ENTRIES, '-of', 'compact=p=0']
  const args = ['-hide_banner', '-v', 'error', ...interval, ...show, ...inputArguments(file)]
  const { value, exit } = await runReader(ffprobe, args, {
    signal,
    pipes: 1,
    read: ([pipe], stop) => readPackets(pipe, { stop, timeoutMs }),
  })
  return { ...value, exit }
}

async function readPackets(pipe: Readable, { stop, timeoutMs }: { stop: () => void; timeoutMs: number }) {
  const ends = new Map<number, number>()
  const encrypted = new Set<number>()
  const deadline = AbortSignal.timeout(timeoutMs)
  for await (const line of createInterface({ input: pipe, signal: deadline })) {
    const packet = parsePacket(line)
    if (!packet) continue
    ends.set(packet.stream, Math.max(packet.end, ends.get(packet.stream) ?? Number.NEGATIVE_INFINITY))
    if (packet.encrypted) encrypted.add(packet.stream)
  }
  if (deadline.aborted) stop()
  return { ends, encrypted, complete: !deadline.aborted }
}

/** A presented packet. */
export interface Packet {
  readonly stream: number
  /** Time stamp at which it ends. */
  readonly end: number
  readonly encrypted: boolean
}

/** Parses `stream_index=0|pts_time=1.5|dts_time=N/A|duration_time=0.04|flags=K_`; undefined for a packet without a time. */
export function parsePacket(line: string): Packet | undefined {
  const fields = new Map(line.split('|').map(field => field.split('=', 2) as [string, string | undefined]))
  const number = (name: string): number => Number.parseFloat(fields.get(name) ?? '')
  const stream = number('stream_index')
  const pts = number('pts_time')
  const time = Number.isFinite(pts) ? pts : number('dts_time')
  if (!Number.isInteger(stream) || !Number.isFinite(time)) return undefined
  // Skipped by an edit list: it is decoded only because other packets need it.
  if (fields.get('flags')?.includes('D')) return undefined
  const duration = number('duration_time')
  const encrypted = fields.get('side_data_type') === 'Encryption info'
  return { stream, end: time + (Number.isFinite(duration) ? duration : 0), encrypted }
}

/** Time stamp at which the last of these streams ends; minus infinity when none of them has a packet. */
export const latestEnd = (scan: PacketScan, streams: readonly (number | undefined)[]): number =>
  Math.max(...streams.map(stream => scan.ends.get(stream ?? -1) ?? Number.NEGATIVE_INFINITY))

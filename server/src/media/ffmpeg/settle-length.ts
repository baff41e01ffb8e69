import { type MediaWarning, Seconds } from '@cuewire/protocol'
import { AppError } from '../../lib/app-error.js'
import { unreadable } from './failure.js'
import type { InspectedFile } from './inspect.js'
import { latestEnd, type PacketScan, scanPackets } from './packets.js'

const SCAN_TIMEOUT_MS = 120_000
/** The packets from this long before the promised end on are read. */
const TAIL_SECONDS = 2
/** A picture that the file shows this much longer than its last packet says is held. */
const HELD_SECONDS = 0.5
/** A container may promise a little more than its streams hold: padding of the sound, rounded times. */
const SLACK_SECONDS = 2
const SLACK_SHARE = 0.05
/** No file may last longer; a header that says so is wrong, so that only its packets count. */
export const MAX_SECONDS = Seconds.maximum ?? Number.MAX_SAFE_INTEGER

/** How long the picture and the sound of a file really are. */
export interface SettledLength {
  readonly duration: Seconds
  /** Streams whose packets are encrypted. */
  readonly encrypted: ReadonlySet<number>
  readonly warning?: MediaWarning
}

/**
 * Finds where picture and sound end. Their packets say so, not the header, whose number may be a guess, may count
 * subtitles, or may be that of a whole of which a part is left. Only the packets near the promised end are read, unless
 * the promise is a guess or nothing is there.
 */
export async function settleLength(
  ffprobe: string,
  file: string,
  { inspected, signal }: { readonly inspected: InspectedFile; readonly signal: AbortSignal | undefined },
): Promise<SettledLength> {
  const { startTime, videoIndex, audioIndex, duration } = inspected
  const scanFrom = (from?: number) =>
    scanPackets(ffprobe, file, { ...(from !== undefined && { from }), timeoutMs: SCAN_TIMEOUT_MS, signal })
  const endOf = (scan: PacketScan) => latestEnd(scan, [videoIndex, audioIndex]) - startTime

  const seeks = duration !== undefined && !inspected.guessed && duration > TAIL_SECONDS
  let scan = await scanFrom(seeks ? startTime + duration - TAIL_SECONDS : undefined)
  if (seeks && scan.complete && !(endOf(scan) > 0)) scan = await scanFrom()
  const there = endOf(scan)
  const encrypted = new Set([...inspected.encrypted, ...scan.encrypted])
  if (!(there > 0)) {
    if (!scan.complete && duration !== undefined) return { duration, encrypted, warning: unverified(duration) }
    throw nothingThere(inspected, scan, file)
  }
  return { encrypted, ...judge(inspected, there, scan.complete) }
}

/** Weighs what the file promises against what was found. */
function judge(inspected: InspectedFile, there: Seconds, complete: boolean): Omit<SettledLength, 'encrypted'> {
  const { bytes, promised, videoIndex } = inspected
  const claim = claimedPlayTime(inspected, there)
  if (!complete) {
    const duration = Math.max(there, claim ?? 0)
    return { duration, warning: unverified(duration) }
  }
  if (promised !== undefined && promised > bytes) return { duration: there, warning: cutShort(there, claim) }
  if (claim === undefined) return { duration: there }
  // Whole by its bytes: the last picture is shown until the end.
  if (promised !== undefined && videoIndex !== undefined) {
    return { duration: claim > there + HELD_SECONDS ? claim : there }
  }
  const missing = claim - there > Math.max(SLACK_SECONDS, claim * SLACK_SHARE)
  return { duration: there, ...(missing && promised === undefined && { warning: cutShort(there, claim) }) }
}

/** How long picture and sound are by the header. Some count from time 0, though the first picture may be later. */
function claimedPlayTime({ playTime, startTime, guessed }: InspectedFile, there: Seconds): Seconds | undefined {
  if (playTime === undefined || playTime > MAX_SECONDS || guessed) return undefined
  return startTime > 0 ? Math.max(there, playTime - startTime) : playTime
}

const SEND_WHOLE = 'To have the rest, upload the whole file.'

const cutShort = (there: Seconds, claim: Seconds | undefined): MediaWarning => ({
  code: 'cut_short',
  message:
    claim !== undefined && claim > there
      ? `The file is cut short at ${there.toFixed(1)} s; its header says ${claim.toFixed(1)} s. ${SEND_WHOLE}`
      : `The file is cut short at ${there.toFixed(1)} s; bytes are missing at its end. ${SEND_WHOLE}`,
})

const unverified = (duration: Seconds): MediaWarning => ({
  code: 'length_unverified',
  message: `The length of the file could not be checked in time; it is assumed to be ${duration.toFixed(1)} s.`,
})

function nothingThere({ bytes, promised }: InspectedFile, { exit }: PacketScan, file: string): AppError {
  if (promised !== undefined && promised > bytes) {
    const message = 'The file is cut short before its first picture and sound; upload the whole file again.'
    return new AppError('media.truncated', message)
  }
  if (exit.code) return unreadable(exit, file)
  return new AppError('media.no_streams', 'The file has neither picture nor sound, only headers.')
}

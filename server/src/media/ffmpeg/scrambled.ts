import { open } from 'node:fs/promises'

const SYNC = 0x47
// Packet sizes of broadcasts, of Blu-ray discs and camcorders, and with check bytes.
const PACKET_SIZES = [188, 192, 204]
const READ_BYTES = 1024 * 1024
/** The program tables are never scrambled, so it is not all packets. */
const SHARE = 0.5

/** Whether most packets of an MPEG transport stream are marked as scrambled; false for any other file. */
export async function isScrambled(file: string): Promise<boolean> {
  await using handle = await open(file)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, 0)
  const bytes = buffer.subarray(0, bytesRead)
  for (const size of PACKET_SIZES) {
    // The packets of a disc begin with a time stamp of four bytes.
    const start = size === 192 ? 4 : 0
    const packets = Math.floor((bytes.length - start) / size)
    if (packets < 2) continue
    let scrambled = 0
    let synced = 0
    for (let packet = 0; packet < packets; packet++) {
      const offset = start + packet * size
      if (bytes[offset] !== SYNC) break
      synced += 1
      // Two bits of transport_scrambling_control.
      if ((bytes[offset + 3] ?? 0) >> 6) scrambled += 1
    }
    if (synced === packets) return scrambled > packets * SHARE
  }
  return false
}

// Containers that hold only audio and video. All others are refused, above all formats that make ffmpeg open other
// files or addresses (hls, dash, concat, sdp, image sequences) and devices.
const CONTAINERS = [
  ...['mov', 'mp4', 'm4a', '3gp', '3g2', 'mj2', 'matroska', 'webm', 'avi', 'flv', 'mpegts', 'mpeg', 'ogg', 'asf'],
  ...['mxf', 'nut', 'ivf', 'dv', 'wav', 'w64', 'aiff', 'caf', 'mp3', 'flac', 'aac', 'ac3', 'eac3', 'amr'],
]

/** Largest picture that is decoded, in pixels. */
export const MAX_PIXELS = 8192 * 8192

/** Arguments that open a file only as media. The `file:` prefix keeps a name from being parsed as an address. */
export function inputArguments(file: string): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', CONTAINERS.join(','), '-i', `file:${file}`]
}

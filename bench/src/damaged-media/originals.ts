import { join } from 'node:path'
import { runFfmpeg } from '../sample/run-ffmpeg.js'

const VIDEO = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=3']
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=300:duration=3']
const H264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '10']
const AAC = ['-c:a', 'aac']

/** Whole files of many kinds, by name: what ffmpeg is told to make them with. */
const ORIGINALS: Readonly<Record<string, readonly string[]>> = {
  'plain.mp4': [...VIDEO, ...SOUND, ...H264, ...AAC],
  'index-first.mp4': [...VIDEO, ...SOUND, ...H264, ...AAC, '-movflags', '+faststart'],
  'fragments.mp4': [...VIDEO, ...SOUND, ...H264, ...AAC, '-movflags', 'frag_keyframe+empty_moov'],
  'turned.mov': [...VIDEO, ...SOUND, ...H264, ...AAC, '-metadata:s:v', 'rotate=90'],
  'odd-size.mkv': [...VIDEO, '-vf', 'scale=321:181', '-c:v', 'libx264', '-pix_fmt', 'yuv444p'],
  'one-frame-a-second.mkv': [...VIDEO, ...SOUND, '-r', '1', ...H264, ...AAC],
  'variable-rate.mkv': [...VIDEO, '-vf', "select='not(mod(n,3))+gt(t,2)'", '-vsync', 'vfr', ...H264],
  'eight-sounds.mkv': [...VIDEO, ...SOUND, '-map', '0:v', ...Array(8).fill(['-map', '1:a']).flat(), ...H264, ...AAC],
  'stream.ts': [...VIDEO, ...SOUND, ...H264, ...AAC, '-f', 'mpegts'],
  'stream.mpg': [...VIDEO, ...SOUND, '-c:v', 'mpeg2video', '-r', '25', '-c:a', 'mp2', '-f', 'mpeg'],
  'old.avi': [...VIDEO, ...SOUND, '-c:v', 'mpeg4', '-c:a', 'mp3'],
  'web.webm': [...VIDEO, ...SOUND, '-c:v', 'libvpx', '-b:v', '200k', '-c:a', 'libvorbis'],
  'flash.flv': [...VIDEO, ...SOUND, '-c:v', 'flv1', '-c:a', 'mp3', '-ar', '44100'],
  'pictures-alone.mp4': [...VIDEO, ...H264],
  'sound.mp3': [...SOUND, '-c:a', 'libmp3lame'],
  'sound.m4a': [...SOUND, ...AAC],
  'sound.wav': [...SOUND],
  'sound.flac': [...SOUND],
  'sound.ogg': [...SOUND, '-c:a', 'libvorbis'],
}

/** Makes the files in a folder; their paths. */
export async function makeOriginals(folder: string, signal: AbortSignal): Promise<string[]> {
  const paths: string[] = []
  for (const [name, args] of Object.entries(ORIGINALS)) {
    await runFfmpeg([...args, name], { cwd: folder, signal })
    paths.push(join(folder, name))
  }
  return paths
}

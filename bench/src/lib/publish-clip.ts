import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@cuewire/client'
import { runFfmpeg } from '../sample/run-ffmpeg.js'

const CLIP = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=1', '-pix_fmt', 'yuv420p', 'clip.mp4']

/** Uploads a second of video and waits until it is processed; returns its id. Renaming it publishes an event. */
export async function publishClip(port: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cuewire-clip-'))
  const client = await connect(`ws://127.0.0.1:${port}`)
  try {
    await runFfmpeg(CLIP, { cwd: folder })
    const video = await client.upload(await readFile(join(folder, 'clip.mp4')), { filename: 'clip.mp4' })
    for await (const { type } of client.subscribe(`video/${video.id}`, { since: 0 })) {
      if (/^processing\.(completed|failed|cancelled)$/.test(type)) break
    }
    return video.id
  } finally {
    client.close()
    await rm(folder, { recursive: true, force: true })
  }
}

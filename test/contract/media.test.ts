import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import { MediaProcess } from '@cuewire/server/media/process/media-process.js'
import t from 'tap'
import { ffmpegs } from '../support/ffmpegs.js'
import { shareClips } from '../support/shared-clips.js'
import { clientMediaContract, mediaContract } from './media.js'

const clips = await shareClips(t)

for (const { name, paths } of ffmpegs()) mediaContract(name, createMediaTools(paths), clips)

const media = new MediaProcess({ binaries: await createMediaTools().binaries() })
t.teardown(() => media.close())
clientMediaContract('a process', media, clips)

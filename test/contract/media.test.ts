import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import t from 'tap'
import { ffmpegs } from '../support/ffmpegs.js'
import { shareClips } from '../support/shared-clips.js'
import { mediaContract } from './media.js'

const clips = await shareClips(t)

for (const { name, paths } of ffmpegs()) mediaContract(name, createMediaTools(paths), clips)

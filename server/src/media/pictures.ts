import sharp from 'sharp'
import type { PictureTools } from './media-tools.js'

const JPEG_QUALITY = 80

/** Pictures by sharp, in the threads of libuv. */
export const pictures: PictureTools = {
  async jpeg({ data, width, height }) {
    return await sharp(data, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer()
  },

  async sheet({ width, height, tiles }) {
    return await sharp({ create: { width, height, channels: 3, background: 'black' } })
      .composite(tiles.map(({ jpeg, left, top }) => ({ input: Buffer.from(jpeg), left, top })))
      .jpeg({ quality: JPEG_QUALITY })
      .toBuffer()
  },
}

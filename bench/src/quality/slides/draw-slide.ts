import sharp from 'sharp'
import { PHOTOGRAPHS, photographFile } from '../../sample/photographs.js'
import { type Font, fontFile } from './fonts.js'
import { type Background, SLIDE, type SlideLine, type TextSlide } from './slide.js'

/** How much of a photograph its shade covers, so that text on it stays legible. */
const SHADE_OPACITY = 0.65

/** Draws a slide as a PNG. */
export async function drawSlide({ font, background, title, body }: TextSlide): Promise<Buffer> {
  const texts = await Promise.all([title, ...body].map(line => drawLine(line, font)))
  const overlays = [title, ...body].map(({ x, y }, at) => ({ input: texts[at] ?? Buffer.alloc(0), left: x, top: y }))
  return await sharp(await drawBackground(background))
    .composite(overlays)
    .png()
    .toBuffer()
}

async function drawLine({ text, size, colour }: SlideLine, font: Font): Promise<Buffer> {
  const markup = `<span foreground="${colour}">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</span>`
  // At 72 dots an inch, points are pixels.
  const drawn = { text: markup, font: `${font.name} ${size}`, fontfile: fontFile(font), rgba: true, dpi: 72 }
  return await sharp({ text: drawn }).png().toBuffer()
}

async function drawBackground(background: Background): Promise<Buffer> {
  const { width, height } = SLIDE
  switch (background.kind) {
    case 'plain':
      return await svg(`<rect width="100%" height="100%" fill="${background.colour}"/>`).toBuffer()
    case 'gradient':
      return await svg(
        `<linearGradient id="g" x2="1" y2="1"><stop stop-color="${background.from}"/><stop offset="1" stop-color="${background.to}"/></linearGradient><rect width="100%" height="100%" fill="url(#g)"/>`,
      ).toBuffer()
    case 'photograph': {
      const photograph = PHOTOGRAPHS[background.name]
      const { x, y, ...size } = photograph.crop
      const shade = svg(`<rect width="100%" height="100%" fill="${background.shade}" opacity="${SHADE_OPACITY}"/>`)
      return await sharp(photographFile(photograph))
        .extract({ left: x, top: y, ...size })
        .resize(width, height, { fit: 'cover' })
        .composite([{ input: await shade.toBuffer() }])
        .png()
        .toBuffer()
    }
    default:
      return background satisfies never
  }
}

function svg(content: string) {
  const { width, height } = SLIDE
  return sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`),
  ).png()
}

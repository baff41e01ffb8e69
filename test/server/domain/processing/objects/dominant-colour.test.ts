import { colourName, dominantColour } from '@cuewire/server/domain/processing/objects/dominant-colour.js'
import sharp from 'sharp'
import t from 'tap'

t.test('colours are named as people name them', async t => {
  const named = {
    '#c01515': 'red',
    '#ff0000': 'red',
    '#7a1010': 'red',
    '#ff8c00': 'orange',
    '#ffd700': 'yellow',
    '#f5e050': 'yellow',
    '#1e7b1e': 'green',
    '#90c060': 'green',
    '#1040c0': 'blue',
    '#5aa0e0': 'blue',
    '#101a40': 'blue',
    '#00a0b0': 'blue',
    '#7020a0': 'purple',
    '#ff69b4': 'pink',
    '#ffb0b8': 'pink',
    '#6b3e1e': 'brown',
    '#8b5a2b': 'brown',
    '#080808': 'black',
    '#202225': 'black',
    '#808080': 'grey',
    '#b8bcc0': 'grey',
    '#f4f4f0': 'white',
  }
  for (const [hex, name] of Object.entries(named)) {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16))
    t.equal(colourName(red, green, blue), name, hex)
  }
})

async function drawn(svg: string) {
  const { data, info } = await sharp(Buffer.from(`<svg width="200" height="100">${svg}</svg>`))
    .flatten({ background: '#20a030' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

t.test('a car with windows and tyres has the colour of its body, not that of the meadow behind', async t => {
  const image = await drawn(
    '<rect x="60" y="45" width="80" height="25" rx="8" fill="#b01818"/><rect x="75" y="32" width="50" height="18" fill="#c02020"/>' +
      '<rect x="80" y="34" width="40" height="13" fill="#303438"/><circle cx="78" cy="70" r="8" fill="#111"/><circle cx="122" cy="70" r="8" fill="#111"/>',
  )
  t.equal(dominantColour(image, { x: 0.3, y: 0.3, width: 0.4, height: 0.5 }), 'red')
})

t.test('a thing of many colours has none, and a box of no size is no fault', async t => {
  const stripes = ['#d01010', '#1030d0', '#f0d000', '#f4f4f4', '#101010', '#808080']
  const image = await drawn(
    stripes.map((fill, at) => `<rect x="${40 + at * 20}" width="20" height="100" fill="${fill}"/>`).join(''),
  )
  t.equal(dominantColour(image, { x: 0.2, y: 0, width: 0.6, height: 1 }), undefined)
  t.equal(dominantColour(image, { x: 1, y: 1, width: 0, height: 0 }), 'green')
})

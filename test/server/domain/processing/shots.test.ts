import { createRequire } from 'node:module'
import { FONT_FILES } from '@cuewire/bench/sample/filter-graph.js'
import type { Shot } from '@cuewire/protocol'
import { framesFrom, ShotDetector } from '@cuewire/server/domain/processing/shots/shot-detector.js'
import { TINY } from '@cuewire/server/domain/processing/shots/tiny-frame.js'
import { createMediaTools } from '@cuewire/server/media/ffmpeg/create-media-tools.js'
import t from 'tap'
import { clipMaker } from '../../../support/clips.js'
import { sharedMedia } from '../../../support/shared-media.js'

const media = createMediaTools()

async function shotsOf(file: string): Promise<Shot[]> {
  const info = await media.probe(file)
  const detector = new ShotDetector()
  const shots: Shot[] = []
  const sink = {
    ...TINY,
    rate: 'every' as const,
    frame: ({ at, data }: { at: number; data: Uint8Array }) => void shots.push(...detector.push(at, data)),
  }
  await media.decode(file, info, { sinks: [sink] }, new AbortController().signal)
  return [...shots, ...detector.finish(info.duration)]
}

const boundaries = (shots: readonly Shot[]) => shots.slice(1).map(({ start, transition }) => [start, transition])

const font = createRequire(import.meta.url).resolve(FONT_FILES['regular.ttf'])
const source = (graph: string) => `${graph},format=yuv420p,setsar=1,trim=duration=2,setpts=PTS-STARTPTS`
const slide = (title: string, lines: readonly string[]) => {
  const text = (words: string, y: number, size: number) =>
    `drawtext=fontfile=${font}:text='${words}':x=40:y=${y}:fontsize=${size}`
  const body = lines.map((line, index) => text(line, 110 + index * 50, 20))
  return source(['color=white:s=640x360:r=25', text(title, 30, 34), ...body].join(','))
}
const joined = (parts: readonly string[]) => {
  const named = parts.map((part, index) => `${part}[p${index}]`)
  const names = parts.map((_, index) => `[p${index}]`).join('')
  return [
    '-filter_complex',
    `${[...named].join(';')};${names}concat=n=${parts.length}`,
    '-c:v',
    'libx264',
    '-pix_fmt',
    'yuv420p',
  ]
}

t.test('hard cuts between unlike pictures are found at the first new frame', async t => {
  const parts = [
    'testsrc=s=320x180:r=25',
    'mandelbrot=s=320x180:r=25',
    'color=red:s=320x180:r=25',
    'color=blue:s=320x180:r=25',
  ]
  const shots = await shotsOf(await (await clipMaker(t)).make('cuts.mp4', joined(parts.map(source))))
  t.same(boundaries(shots), [
    [2, 'cut'],
    [4, 'cut'],
    [6, 'cut'],
  ])
  t.same(
    shots.map(({ index }) => index),
    [0, 1, 2, 3],
  )
  t.match(shots[0], { start: 0, end: 2, transition: 'start' })
  t.equal(shots.at(-1)?.end, 8)
})

t.test('a slide change is a cut, a line added to a slide is not', async t => {
  const slides = [
    slide('Tides', ['The moon pulls the water']),
    slide('Tides', ['The moon pulls the water', 'The sun helps a little']),
    slide('Whales', ['They sing across the sea', 'Nobody knows quite why']),
    slide('Reefs', ['Corals are small animals', 'Warm water bleaches them']),
  ]
  const shots = await shotsOf(await (await clipMaker(t)).make('slides.mp4', joined(slides)))
  t.same(boundaries(shots), [
    [4, 'cut'],
    [6, 'cut'],
  ])
})

t.test('a dissolve and a fade through black are one gradual boundary each', async t => {
  const clips = await clipMaker(t)
  const blend = "blend=all_expr='A*(1-clip(T-2,0,1))+B*clip(T-2,0,1)'"
  const dissolve = await clips.make('dissolve.mp4', [
    ...[
      '-f',
      'lavfi',
      '-i',
      'smptebars=s=320x180:r=25:d=5,format=gbrp',
      '-f',
      'lavfi',
      '-i',
      'testsrc=s=320x180:r=25:d=5,format=gbrp',
    ],
    ...['-filter_complex', blend, '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
  ])
  const found = await shotsOf(dissolve)
  t.match(boundaries(found), [[Number, 'gradual']])
  t.equal(found.length, 2)
  t.ok((found[1]?.start ?? 0) > 2.3 && (found[1]?.start ?? 0) < 2.8, `in its middle: ${found[1]?.start}`)
  const faded = [
    source('smptebars=s=320x180:r=25,fade=in:0:12,fade=out:38:12'),
    source('testsrc=s=320x180:r=25,fade=in:0:12,fade=out:38:12'),
  ]
  const fades = await shotsOf(await clips.make('fades.mp4', joined(faded)))
  t.equal(fades.length, 2, 'nor do the fades at the two ends make shots')
  t.equal(fades[1]?.transition, 'gradual')
  t.ok(Math.abs((fades[1]?.start ?? 0) - 2) < 0.2)
})

t.test('flashes and a moving camera make no cuts', async t => {
  const clips = await clipMaker(t)
  const flash = "drawbox=x=0:y=0:w=iw:h=ih:color=white:t=fill:enable='between(n,20,21)'"
  const flashed = await clips.make('flash.mp4', [
    '-f',
    'lavfi',
    '-i',
    `mandelbrot=s=320x180:r=25,trim=duration=2,${flash}`,
    '-pix_fmt',
    'yuv420p',
  ])
  t.same(boundaries(await shotsOf(flashed)), [])
  const pan = "crop=320:180:x='300+300*sin(n/10)':y='100+90*sin(n/7)'"
  const panned = await clips.make('pan.mp4', [
    '-f',
    'lavfi',
    '-i',
    `smptebars=s=960x540:r=25:d=4,${pan}`,
    '-pix_fmt',
    'yuv420p',
  ])
  t.same(boundaries(await shotsOf(panned)), [])
})

const STILL = 'mandelbrot=s=320x180:r=25,select=eq(n\\,40),loop=loop=-1:size=1,setpts=N/25/TB,trim=duration=4'
const MOVING = "smptebars=s=480x270:r=25:d=6,crop=320:180:x='80+t*12':y=45,setsar=1"
const lavfi = (graph: string) => ['-f', 'lavfi', '-i', graph, '-c:v', 'libx264', '-pix_fmt', 'yuv420p']
const level = (expression: string) =>
  `format=gbrp,geq=r='r(X,Y)*L':g='g(X,Y)*L':b='b(X,Y)*L'`.replaceAll('L', expression)

const CARD = 'color=0x405060:s=320x180:r=25:d=4,drawbox=x=20:y=20:w=90:h=50:color=white:t=fill'
const SUBTITLE = `drawtext=fontfile=${font}:text='They leave before dawn':x=60:y=146:fontsize=18:fontcolor=white`
const unchanged = {
  'a subtitle on a still picture': `${CARD},${SUBTITLE}:enable='between(t,1,3)'`,
  'a change of light on a still picture': `${STILL},${level('(1-0.5*gt(T,2))')}`,
  'an inset that ends beside something that moves': `${STILL},drawbox=x=200:y=20:w=90:h=50:color=red:t=fill:enable='between(t,1,3)',drawbox=x='20+20*t':y=120:w=12:h=12:color=white:t=fill`,
  'a pan of which a frame was left out': `smptebars=s=960x540:r=25:d=4,crop=320:180:x='min(640,max(0,(n-20)*40))':y=100,setsar=1,select='not(eq(n,28))'`,
  'a brightness ramp': `${STILL},${level('(1-0.21*T)')}`,
  'a dip to black and back': `${STILL},${level('min(1,abs(T-2)/0.5)')}`,
  'a strobe': `${STILL},${level('(1-0.6*gt(mod(T*6,1),0.5))')}`,
  'an inset': `${STILL},drawbox=x=200:y=20:w=90:h=50:color=red:t=fill:enable='between(t,1,3)'`,
}
for (const [name, graph] of Object.entries(unchanged)) {
  t.test(`${name} is no boundary`, async t => {
    t.same(boundaries(await shotsOf(await (await clipMaker(t)).make('same.mp4', lavfi(graph)))), [])
  })
}

t.test('of two cuts closer than the shortest shot the stronger one counts', async t => {
  const box = "drawbox=x=0:y=0:w=160:h=180:color=red:t=fill:enable='lt(t,1.7)'"
  const parts = [source(`smptebars=s=320x180:r=25:d=3,${box}`), source('testsrc=s=320x180:r=25')]
  t.same(boundaries(await shotsOf(await (await clipMaker(t)).make('close.mp4', joined(parts)))), [[2, 'cut']])
})

for (const seconds of [0.5, 4]) {
  t.test(`a dissolve of ${seconds} s between moving pictures is found with its span`, async t => {
    const other = "testsrc=s=480x270:r=25:d=6,crop=320:180:x='100-t*10':y=20,setsar=1"
    const weight = `clip((T-1)/${seconds},0,1)`
    const blend = `[a][b]blend=all_expr='A*(1-${weight})+B*${weight}'`
    const graph = `${MOVING},format=gbrp[a];${other},format=gbrp[b];${blend}`
    const [, shot, more] = await shotsOf(await (await clipMaker(t)).make('blend.mp4', lavfi(graph)))
    t.equal(more, undefined)
    t.match(shot, { transition: 'gradual', gradual: { type: 'dissolve' } })
    const { start = 0, end = 0 } = shot?.gradual ?? {}
    t.ok(start >= 0.8 && end <= 1.2 + seconds && end - start > seconds / 2, `${start} to ${end}`)
  })
}

for (const colour of ['black', 'white']) {
  t.test(`a fade through ${colour} is one boundary in the middle of the blank part`, async t => {
    const parts = [
      `${source('smptebars=s=320x180:r=25')},fade=out:38:12:color=${colour}`,
      source(`color=${colour}:s=320x180:r=25`).replace('duration=2', 'duration=0.4'),
      `${source('testsrc=s=320x180:r=25')},fade=in:0:12:color=${colour}`,
    ]
    const [, shot, more] = await shotsOf(await (await clipMaker(t)).make('fade.mp4', joined(parts)))
    t.equal(more, undefined)
    t.match(shot, { transition: 'gradual', gradual: { type: 'fade' } })
    t.ok(Math.abs((shot?.start ?? 0) - 2.2) < 0.1, `${shot?.start}`)
    t.ok(Math.abs((shot?.gradual?.start ?? 0) - 1.52) < 0.15 && Math.abs((shot?.gradual?.end ?? 0) - 2.88) < 0.15)
  })
}

t.test('shots are given while the video runs, not only at its end', t => {
  const detector = new ShotDetector()
  const picture = (seed: number) =>
    Uint8Array.from({ length: TINY.width * TINY.height * 3 }, (_, i) => ((i * seed) ^ (i >> 3)) & 255)
  const pictures = [7, 13, 29].map(picture)
  let shots = 0
  for (let n = 0; n < 25 * 60; n++)
    shots += detector.push(n / 25, pictures[Math.floor(n / 50) % 3] ?? picture(1)).length
  t.ok(shots >= 26, `${shots} of 30 shots before the end`)
  t.equal(shots + detector.finish(60).length, 30)
  t.end()
})

const recordings: readonly (readonly [string, readonly number[]])[] = [
  ['derived_four-scenes.mp4', [4, 8, 12]],
  ['car-detection.mp4', []],
  ['bottle-detection.mp4', []],
  ['mdn_frog.mp4', []],
  ['derived_person-with-speech.mp4', []],
]
for (const [name, cuts] of recordings) {
  const { skip, paths } = sharedMedia(name)
  t.test(`the cuts of ${name} are found and no others`, { skip }, async t => {
    const found = (await shotsOf(paths[0] ?? '')).slice(1).map(({ start }) => start)
    t.equal(found.length, cuts.length, `found ${found}`)
    for (const [index, cut] of cuts.entries()) t.ok(Math.abs((found[index] ?? 0) - cut) < 0.1)
  })
}

t.test('a detector that continues in another process finds the same shots, wherever it was stopped', async t => {
  const parts = [
    'testsrc=s=320x180:r=25',
    'mandelbrot=s=320x180:r=25',
    'color=red:s=320x180:r=25',
    'rgbtestsrc=s=320x180:r=25',
  ]
  const faded = `${source('testsrc2=s=320x180:r=25')},fade=out:st=1.2:d=0.6`
  const file = await (await clipMaker(t)).make('parts.mp4', joined([...parts.map(source), faded, ...parts.map(source)]))
  const frames: { at: number; data: Uint8Array }[] = []
  const sink = {
    ...TINY,
    rate: 'every' as const,
    frame: (frame: { at: number; data: Uint8Array }) => void frames.push(frame),
  }
  await media.decode(file, await media.probe(file), { sinks: [sink] }, new AbortController().signal)

  const end = 18
  const run = (detector: ShotDetector, from: number, to: number) =>
    frames.filter(({ at }) => at >= from && at < to).flatMap(({ at, data }) => detector.push(at, data))
  const whole = new ShotDetector()
  const expected = [...run(whole, 0, end), ...whole.finish(end)]
  t.ok(expected.length > 5, `${expected.length} shots`)
  for (let stop = 0.5; stop < end; stop += 0.7) {
    const first = new ShotDetector()
    const before = run(first, 0, stop)
    const state = first.state
    if (!state) throw new Error('it has seen frames')
    const second = new ShotDetector(state)
    const after = [...run(second, framesFrom(state), end), ...second.finish(end)]
    t.same([...before, ...after], expected, `stopped at ${stop.toFixed(1)}`)
  }
})

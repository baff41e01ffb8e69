import type { Detection } from '@cuewire/protocol'
import { assert } from '../lib/assert.js'
import type { CoreScheduler } from './core-scheduler.js'
import type { ObjectDetector, RgbImage } from './models.js'
import { DETECTOR_INPUTS } from './onnx/detector-input.js'
import { fitSize } from './onnx/image-tensor.js'
import { ownBuffer } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import { oneByOne } from './work.js'

/** Images queued per core, so that none waits for the next one to be decoded. */
const UNDER_WAY_PER_CORE = 2

/** Loading a copy takes as long as four frames, and the first words of a video should not wait for it. */
const COPY_AFTER_IDLE_MS = 300

// The detector is compute-bound, so batches would save nothing.
const detection = (pack: string) =>
  oneByOne<RgbImage, Detection[]>(
    pack,
    (thread, params, signal) => thread.call<'detect'>({ name: 'detect', pack, params }, { signal }),
    { copyAfterIdleMs: COPY_AFTER_IDLE_MS },
  )

/** An object detector with a separate lane. */
export function objectDetector(scheduler: CoreScheduler, pack: Pack): ObjectDetector {
  const lane = scheduler.lane(detection(packId(pack)))
  const input = DETECTOR_INPUTS[pack.runtime]
  assert(input, `${pack.name} detects objects`)
  const { side, squeeze } = input
  return {
    pack: packId(pack),
    parallel: scheduler.cores * UNDER_WAY_PER_CORE,
    reliableFrom: pack.reliableFrom ?? {},
    input: { width: side, height: side },
    frameSize: picture => fitSize(picture, side, squeeze),
    async detect({ width, height, data }, signal) {
      if (width > side || height > side || data.length !== width * height * 3) {
        throw new RangeError(`image must be RGB of at most ${side} x ${side}, not ${width} x ${height}`)
      }
      return lane.run({ width, height, data: ownBuffer(data) }, signal)
    },
  }
}

import type { Detection } from '@cuewire/protocol'
import type { CoreScheduler } from './core-scheduler.js'
import type { ObjectDetector, RgbImage } from './models.js'
import { DETECTOR_SIDE, DETECTOR_SQUEEZE } from './onnx/detector-input.js'
import { fitSize } from './onnx/image-tensor.js'
import { ownBuffer } from './own-buffer.js'
import { type Pack, packId } from './pack.js'
import { oneByOne } from './work.js'

/** Images queued per core, so that none waits for the next one to be decoded. */
const UNDER_WAY_PER_CORE = 2

// The detector is compute-bound, so batches would save nothing.
const DETECTION = oneByOne<RgbImage, Detection[]>('objects', (thread, params, signal) =>
  thread.call<'detect'>({ name: 'detect', params }, { signal }),
)

/** An object detector with a separate lane. */
export function objectDetector(scheduler: CoreScheduler, pack: Pack): ObjectDetector {
  const lane = scheduler.lane(DETECTION)
  return {
    pack: packId(pack),
    parallel: scheduler.cores * UNDER_WAY_PER_CORE,
    input: { width: DETECTOR_SIDE, height: DETECTOR_SIDE },
    frameSize: picture => fitSize(picture, DETECTOR_SIDE, DETECTOR_SQUEEZE),
    async detect({ width, height, data }, signal) {
      if (width > DETECTOR_SIDE || height > DETECTOR_SIDE || data.length !== width * height * 3) {
        throw new RangeError(
          `image must be RGB of at most ${DETECTOR_SIDE} x ${DETECTOR_SIDE}, not ${width} x ${height}`,
        )
      }
      return lane.run({ width, height, data: ownBuffer(data) }, signal)
    },
  }
}

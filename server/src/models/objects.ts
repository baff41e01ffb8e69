import type { ObjectDetector } from './models.js'
import { DETECTOR_SIDE, DETECTOR_SQUEEZE } from './onnx/detector-input.js'
import { fitSize } from './onnx/image-tensor.js'
import { type Pack, packId } from './pack.js'
import type { ModelThread } from './pool.js'

/** The object detector of a thread. */
export function objectDetector(thread: ModelThread, pack: Pack): ObjectDetector {
  return {
    pack: packId(pack),
    input: { width: DETECTOR_SIDE, height: DETECTOR_SIDE },
    frameSize: picture => fitSize(picture, DETECTOR_SIDE, DETECTOR_SQUEEZE),
    async detect({ width, height, data }, signal) {
      if (width > DETECTOR_SIDE || height > DETECTOR_SIDE || data.length !== width * height * 3) {
        throw new RangeError(
          `image must be RGB of at most ${DETECTOR_SIDE} x ${DETECTOR_SIDE}, not ${width} x ${height}`,
        )
      }
      // A copy, since the caller keeps its own and may reuse it; not slice(), which on a Buffer gives a view.
      const copy = new Uint8Array(data)
      const params = { width, height, data: copy }
      return thread.call<'detect'>({ name: 'detect', params }, { transfer: [copy.buffer], signal })
    },
  }
}

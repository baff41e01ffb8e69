import { join } from 'node:path'
import type { CallName, Calls, PackPlace } from './messages.js'

/** Answers of a loaded model, by call. */
export type Answers = {
  readonly [Name in CallName]?: (params: Calls[Name]['params'], signal: AbortSignal) => Promise<Calls[Name]['result']>
}

/** A model in memory. */
export interface LoadedModel {
  readonly answers: Answers
  release(): Promise<void>
}

/** Loads a pack's model; ONNX Runtime itself is loaded with the first. */
export async function loadModel(place: PackPlace): Promise<LoadedModel> {
  const startedAt = performance.now()
  const { answers, release } = await open(place)
  const loadMs = performance.now() - startedAt
  return { answers: { ...answers, describe: async () => ({ provider: 'cpu', loadMs }) }, release }
}

async function open({ runtime, dir }: PackPlace): Promise<LoadedModel> {
  switch (runtime) {
    case 'centernet': {
      const { Detector } = await import('./onnx/detector.js')
      const detector = await Detector.open(join(dir, 'centernet.onnx'))
      return { answers: { detect: image => detector.detect(image) }, release: () => detector.release() }
    }
    case 'yolox': {
      const { Yolox } = await import('./onnx/yolox.js')
      const yolox = await Yolox.open(join(dir, 'yolox_nano.onnx'))
      return { answers: { detect: image => yolox.detect(image) }, release: () => yolox.release() }
    }
    case 'moonshine': {
      const { Moonshine } = await import('./onnx/moonshine.js')
      const moonshine = await Moonshine.open(dir)
      return {
        answers: { transcribe: ({ spans }, signal) => moonshine.transcribe(spans, signal) },
        release: () => moonshine.release(),
      }
    }
    case 'whisper': {
      const { Whisper } = await import('./onnx/whisper.js')
      const whisper = await Whisper.open(dir)
      return {
        answers: { transcribe: ({ spans }, signal) => whisper.transcribe(spans, signal) },
        release: () => whisper.release(),
      }
    }
    case 'silero': {
      const { Vad } = await import('./onnx/vad.js')
      const vad = await Vad.open(join(dir, 'vad.onnx'))
      return {
        answers: { voiceActivity: ({ samples, from }, signal) => vad.run(samples, from, signal) },
        release: () => vad.release(),
      }
    }
    case 'universal-sentence-encoder': {
      const { UniversalSentenceEncoder } = await import('./onnx/universal-sentence-encoder.js')
      const encoder = await UniversalSentenceEncoder.open(dir)
      return { answers: { encode: ({ texts }) => encoder.encode(texts) }, release: () => encoder.release() }
    }
    case 'minilm': {
      const { MiniLm } = await import('./onnx/minilm.js')
      const encoder = await MiniLm.open(dir)
      return { answers: { encode: ({ texts }) => encoder.encode(texts) }, release: () => encoder.release() }
    }
    case 'ppocr': {
      const { TextModel } = await import('./onnx/text/text-model.js')
      const model = await TextModel.open(dir)
      return {
        answers: { findText: ({ image, maxSide }) => model.find(image, maxSide), readText: image => model.read(image) },
        release: () => model.release(),
      }
    }
    case 'yamnet': {
      const { Yamnet } = await import('./onnx/yamnet.js')
      const yamnet = await Yamnet.open(join(dir, 'yamnet_int8w.onnx'))
      return {
        answers: { scoreAudio: ({ samples }, signal) => yamnet.score(samples, signal) },
        release: () => yamnet.release(),
      }
    }
    case 'ge2e': {
      const { Ge2e } = await import('./onnx/ge2e.js')
      const encoder = await Ge2e.open(join(dir, 'speaker_encoder.onnx'))
      return {
        answers: { encodeVoice: ({ windows }) => encoder.encode(windows) },
        release: () => encoder.release(),
      }
    }
    case 'clip':
    case 'conse': {
      const { ImageText } = await import('./onnx/image-text.js')
      const model = ImageText.open(dir, runtime)
      return {
        answers: {
          encodeImage: image => model.encodeImage(image),
          encodeCaption: ({ text }) => model.encodeText(text),
        },
        release: () => model.release(),
      }
    }
    default:
      return runtime satisfies never
  }
}

import { InferenceSession } from 'onnxruntime-node'

/** Opens an ONNX file for the CPU. */
export async function openSession(path: string, options: { readonly threads: number }): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  })
}

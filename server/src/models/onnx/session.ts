import { InferenceSession } from 'onnxruntime-node'

/**
 * Opens an ONNX file for one core. Models of this size gain little from threads within a run, so runs are made side by
 * side instead, and the threads of a session would spin while they wait for each other.
 */
export async function openSession(
  path: string,
  { fixedShapes }: { /** Every run has inputs of the same shapes. */ readonly fixedShapes: boolean },
): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    // What they keep for the next run fits it only if the shapes are the same; else it is memory for nothing.
    enableCpuMemArena: fixedShapes,
    enableMemPattern: fixedShapes,
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // onnxruntime_session_options_config_keys.h; the second makes signed weights exact on processors without VNNI.
    extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: '1' } },
  })
}

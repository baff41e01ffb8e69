import { InferenceSession } from 'onnxruntime-node'

/** How many shapes the inputs of a model have from run to run. */
type InputShapes = 'one' | 'few' | 'many'

/**
 * Opens an ONNX file for one core. Models of this size gain little from threads within a run, so runs are made side by
 * side instead, and the threads of a session would spin while they wait for each other.
 */
export async function openSession(
  path: string,
  { shapes }: { readonly shapes: InputShapes },
): Promise<InferenceSession> {
  return InferenceSession.create(path, {
    // Keeps the memory of a run for the next one.
    enableCpuMemArena: shapes === 'one',
    // Keeps, for each shape, how one block of memory serves all steps of a run.
    enableMemPattern: shapes !== 'many',
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // onnxruntime_session_options_config_keys.h; the second makes signed weights exact on processors without VNNI.
    extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: '1' } },
  })
}

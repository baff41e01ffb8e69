/**
 * The same bytes in a buffer of nothing else, copied only where they share theirs: a message to a thread copies whole
 * buffers. Not slice(), which on a Buffer gives a view.
 */
export function ownBuffer(bytes: Uint8Array): Uint8Array {
  return isAlone(bytes) ? bytes : new Uint8Array(bytes)
}

/** The same for samples. */
export function ownSamples(samples: Float32Array): Float32Array {
  return isAlone(samples) ? samples : new Float32Array(samples)
}

const isAlone = ({ byteLength, buffer }: Uint8Array | Float32Array) => byteLength === buffer.byteLength

/** A weight matrix in bytes: the value of a byte is `(byte - zeroPoint) * scale`. */
export interface QuantizedWeight {
  /** Length of the vectors it is multiplied with. */
  readonly inputs: number
  readonly outputs: number
  /** `inputs` rows of `outputs` bytes. */
  readonly values: Uint8Array
  readonly scale: number
  readonly zeroPoint: number
}

/** A weight matrix turned round: `outputs` rows of `inputs` bytes. */
export function transposed({ inputs, outputs, values }: QuantizedWeight): Uint8Array {
  const turned = new Uint8Array(values.length)
  for (let row = 0; row < inputs; row += 1) {
    for (let column = 0; column < outputs; column += 1) {
      turned[column * inputs + row] = values[row * outputs + column] ?? 0
    }
  }
  return turned
}

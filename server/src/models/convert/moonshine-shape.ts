/** Sizes of Moonshine base (usefulsensors/moonshine-base, config.json). */
export const LAYERS = 8
export const HEADS = 8
export const HEAD_SIZE = 52
export const WIDTH = HEADS * HEAD_SIZE
/** Of each head's values the first so many are rotated by their position: the even number below 0.62 x 52. */
export const ROTARY_SIZE = 32
export const ROTARY_BASE = 10_000
/** Most positions, tokens of one span, the model knows. */
export const MAX_POSITIONS = 194

/** Names of one layer's tensors in the files this program makes. */
export const cacheNames = (layer: number) =>
  ({
    pastKey: `past.${layer}.key`,
    pastValue: `past.${layer}.value`,
    presentKey: `present.${layer}.key`,
    presentValue: `present.${layer}.value`,
    crossKey: `cross.${layer}.key`,
    crossValue: `cross.${layer}.value`,
  }) as const

/** Output of the decoder: f32 [batch, layers x heads, 1, frames], what each head of each layer looked at. */
export const CROSS_ATTENTIONS = 'cross_attentions'

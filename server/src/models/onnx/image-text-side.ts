/**
 * Side of the square picture that the image-text models take, in pixels. Pictures are stretched to it. Of seven photographs and
 * three wordings of 21 captions, the mean reciprocal rank of the right caption was 0.86 so, and 0.60 with the square at the
 * centre, as in training: that loses nearly half of a wide picture.
 */
export const IMAGE_SIDE = 224

/** Labels of things that are held in a hand or flown or thrown from it, and so are small in most pictures. */
const SMALL_THINGS: ReadonlySet<string> = new Set([
  ...['tie', 'frisbee', 'sports ball', 'kite', 'baseball bat', 'baseball glove', 'tennis racket', 'fork', 'knife'],
  ...['spoon', 'apple', 'orange', 'carrot', 'mouse', 'remote', 'cell phone', 'scissors', 'hair drier', 'toothbrush'],
])
/** Mean share of the picture above which such a thing is more often something else. */
const LARGEST = 0.05

/** Whether something of this label can cover so much of the picture. Cars from above were "cell phone" with 13 % on average. */
export function isPlausibleSize(label: string, meanArea: number): boolean {
  return !SMALL_THINGS.has(label) || meanArea <= LARGEST
}

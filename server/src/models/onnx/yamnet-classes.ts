/** Classes of the model, in the order of yamnet_class_map.csv (tensorflow/models, audioset/yamnet). */
export const CLASSES = 521

/** Ranges of classes, both ends included. */
export type Ranges = readonly (readonly [number, number])[]

/** Speech and its kinds, conversation, whispering. Without babble of crowds and synthetic singing. */
export const SPEECH: Ranges = [
  [0, 5],
  [12, 12],
]
/** Singing, instruments and genres. Without bells, which are sounds, and scratching. */
export const MUSIC: Ranges = [
  [24, 32],
  [132, 194],
  [203, 209],
  [211, 276],
]

/**
 * Sounds that we report, each with its classes. Classes that say little ("animal", "vehicle", "inside, small room") and
 * those that only describe a signal ("noise", "echo") are in none.
 */
// biome-ignore format: a line each
export const SOUNDS: Readonly<Record<string, Ranges>> = {
  shouting: [[6, 11]],
  laughter: [[13, 18]],
  crying: [[19, 22]],
  whistling: [[35, 35]],
  snoring: [[38, 38]],
  cough: [[42, 42]],
  sneeze: [[44, 44]],
  footsteps: [[48, 48]],
  applause: [[58, 58], [62, 62]],
  cheering: [[61, 61]],
  crowd: [[63, 65]],
  'children playing': [[66, 66]],
  'dog bark': [[69, 75]],
  cat: [[76, 80]],
  horse: [[82, 84]],
  cow: [[85, 86]],
  pig: [[88, 89]],
  sheep: [[90, 92]],
  chicken: [[94, 96]],
  duck: [[99, 100]],
  goose: [[101, 102]],
  lion: [[104, 105]],
  bird: [[106, 116]],
  insect: [[121, 126]],
  frog: [[127, 128]],
  whale: [[131, 131]],
  bell: [[195, 202]],
  wind: [[277, 277], [279, 279]],
  thunder: [[280, 281]],
  water: [[282, 282], [286, 287], [364, 366], [438, 448]],
  rain: [[283, 285]],
  waves: [[288, 289]],
  fire: [[292, 293]],
  boat: [[295, 299]],
  car: [[301, 301], [305, 309]],
  horn: [[302, 303], [312, 312]],
  truck: [[310, 311]],
  bus: [[315, 315]],
  siren: [[316, 319], [390, 391]],
  motorcycle: [[320, 320]],
  traffic: [[321, 321]],
  train: [[322, 328]],
  aircraft: [[329, 332], [334, 334]],
  helicopter: [[333, 333]],
  engine: [[337, 339], [342, 347]],
  'lawn mower': [[340, 340]],
  chainsaw: [[341, 341]],
  door: [[348, 348], [351, 352]],
  doorbell: [[349, 350]],
  knock: [[353, 353]],
  dishes: [[358, 359]],
  frying: [[361, 361]],
  'hair dryer': [[367, 367]],
  'toilet flush': [[368, 368]],
  'vacuum cleaner': [[371, 371]],
  typing: [[378, 380]],
  alarm: [[304, 304], [382, 382], [389, 389], [392, 394]],
  telephone: [[383, 388]],
  foghorn: [[395, 395]],
  whistle: [[396, 397]],
  clock: [[400, 402]],
  fan: [[406, 407]],
  camera: [[410, 411]],
  hammer: [[413, 413]],
  drill: [[414, 414], [418, 419]],
  saw: [[415, 415]],
  explosion: [[420, 420], [429, 430]],
  gunshot: [[421, 425]],
  fireworks: [[426, 427]],
  'breaking glass': [[435, 437]],
  crash: [[463, 464]],
  beep: [[475, 475]],
}

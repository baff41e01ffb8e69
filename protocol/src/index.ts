export { CLOSE_CODES, type CloseCodeName, type CloseVerdict, closeVerdict } from './close-codes.js'
export { type CommandRow, SCOPES, type Scope } from './commands/command.js'
export {
  COMMANDS,
  type CommandName,
  type CommandParams,
  type CommandResult,
  type SocketCommandName,
} from './commands/table.js'
export { asyncApi } from './docs/asyncapi.js'
export { BUNDLE_ID, jsonSchema } from './docs/json-schema.js'
export { reference } from './docs/reference.js'
export * from './entities/chat.js'
export * from './entities/content.js'
export * from './entities/library.js'
export * from './entities/processing.js'
export * from './entities/search.js'
export { ERROR_CODES, ErrorCode, ErrorDetail, ErrorShape } from './error-codes.js'
export type { Delivery, EventRow } from './events/event.js'
export { EVENTS, type EventData, type EventName, type TypedEvent } from './events/table.js'
export { CommandFrame, CommandId, ErrorFrame, EventFrame, ReplyFrame } from './frames.js'
export { Capabilities, Principal, ServerLimits, TRANSPORTS, type TransportName } from './hello.js'
export { AudioSpan, LOUDNESS_FLOOR, LoudnessCurve, SOUND_TYPES, type SoundType } from './kinds/audio.js'
export { Chapter } from './kinds/chapters.js'
export { COLOURS, Colour, Detection, FrameDetections } from './kinds/detections.js'
export { eventsOf } from './kinds/events.js'
export { Keyword } from './kinds/keywords.js'
export { LabelSummary, labelText } from './kinds/objects.js'
export { OutlineSection } from './kinds/outline.js'
export {
  CAMERA_MOTIONS,
  type CameraMotion,
  LIGHTS,
  PLACE_REASONS,
  PLACES,
  type Place,
  type PlaceReason,
  placeText,
  Scene,
} from './kinds/scenes.js'
export { Shot } from './kinds/shots.js'
export { Sound } from './kinds/sounds.js'
export { SummarySentence } from './kinds/summary.js'
export {
  type AnyKind,
  KIND_NAMES,
  KINDS,
  type KindItem,
  type KindName,
  kindOf,
  LANES,
  type LaneName,
} from './kinds/table.js'
export { ScreenText, TEXT_ROLES } from './kinds/text.js'
export { DIRECTIONS, type Direction, Track, trackText } from './kinds/tracks.js'
export { TRANSCRIPT_SOURCES, TranscriptSegment, Word } from './kinds/transcript.js'
export { LIMITS } from './limits.js'
export { PATTERNS } from './patterns.js'
export {
  Band,
  Box,
  Confidence,
  Cursor,
  Filename,
  Id,
  Label,
  Seconds,
  Subject,
  TimeRange,
  Timestamp,
  Title,
  Topic,
  Traceparent,
} from './primitives.js'
export { line, TEXT_KINDS, text } from './text.js'
export { PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from './version.js'

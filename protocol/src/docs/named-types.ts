import { Chat, ChatMessage, Citation, Passage } from '../entities/chat.js'
import { TimelineLane } from '../entities/content.js'
import {
  AudioStream,
  MediaInfo,
  MediaWarning,
  SubtitleStream,
  SubtitlesInput,
  TrackChoice,
  Upload,
  Video,
  VideoStream,
} from '../entities/library.js'
import { Job, StageProgress, StageStatus, StageWarning } from '../entities/processing.js'
import { Match, SearchHit } from '../entities/search.js'
import { ErrorCode, ErrorDetail, ErrorShape } from '../error-codes.js'
import { CommandFrame, ErrorFrame, EventFrame, ReplyFrame } from '../frames.js'
import { Capabilities, Principal, ServerLimits } from '../hello.js'
import { Chapter } from '../kinds/chapters.js'
import { Detection, FrameDetections } from '../kinds/detections.js'
import { Keyword } from '../kinds/keywords.js'
import { LabelSummary } from '../kinds/objects.js'
import { OutlineSection } from '../kinds/outline.js'
import { Scene } from '../kinds/scenes.js'
import { Shot } from '../kinds/shots.js'
import { SummarySentence } from '../kinds/summary.js'
import { ScreenText } from '../kinds/text.js'
import { Track } from '../kinds/tracks.js'
import { TranscriptSegment, Word } from '../kinds/transcript.js'
import { Band, Box, Confidence, Cursor, Id, Seconds, TimeRange, Timestamp, Topic, Traceparent } from '../primitives.js'

/** Types of single values. */
export const PRIMITIVES = {
  Id,
  Seconds,
  TimeRange,
  Box,
  Confidence,
  Band,
  Timestamp,
  Cursor,
  Topic,
  Traceparent,
  ErrorCode,
}

/** Types of entities and their parts. */
export const ENTITIES = {
  ServerLimits,
  Capabilities,
  Principal,
  Video,
  MediaInfo,
  VideoStream,
  AudioStream,
  SubtitleStream,
  TrackChoice,
  MediaWarning,
  Upload,
  SubtitlesInput,
  Job,
  StageStatus,
  StageWarning,
  StageProgress,
  TranscriptSegment,
  Word,
  Shot,
  FrameDetections,
  Detection,
  LabelSummary,
  Track,
  Scene,
  ScreenText,
  Chapter,
  Keyword,
  OutlineSection,
  SummarySentence,
  TimelineLane,
  SearchHit,
  Match,
  Chat,
  ChatMessage,
  Citation,
  Passage,
  ErrorShape,
  ErrorDetail,
}

/** Types of frames. */
export const FRAMES = { CommandFrame, ReplyFrame, ErrorFrame, EventFrame }

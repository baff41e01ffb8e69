/** Protocol types that callers use: entities, events, commands, errors. */
export type {
  Box,
  Chapter,
  Chat,
  ChatMessage,
  Citation,
  CommandName,
  CommandParams,
  CommandResult,
  Detection,
  ErrorCode,
  ErrorDetail,
  ErrorShape,
  EventData,
  EventName,
  FrameDetections,
  Job,
  JobState,
  Keyword,
  LabelSummary,
  Match,
  MediaInfo,
  OutlineSection,
  Passage,
  Scene,
  SearchHit,
  Shot,
  StageName,
  StageProgress,
  StageStatus,
  SubtitlesInput,
  SummarySentence,
  TimelineItem,
  TimelineLane,
  TimeRange,
  Track,
  TranscriptSegment,
  TypedEvent,
  Video,
  VideoState,
  Word,
} from '#protocol'
export type { AnswerEvent, AskOptions } from './ask.js'
export { type Client, type ClientCore, connect } from './client.js'
export { ClientError, ConnectionError, RemoteError, TimeoutError } from './errors.js'
export type { ClientCommand, CommandArgs, Methods, SendCommand } from './methods.js'
export type { ClientState, ConnectOptions, ReconnectOptions } from './options.js'
export type { Socket, SocketConstructor, SocketEvent } from './platform/socket.js'
export type { CommandOptions } from './requests.js'
export type { Gap, Position, SubscribeOptions, Subscription, SubscriptionItem } from './subscription.js'
export type { ByteSource, UploadOptions, UploadProgress, UploadSource } from './upload.js'

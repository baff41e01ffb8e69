import { type Static, Type } from '@sinclair/typebox'
import { LIMITS } from './limits.js'
import { object, oneOf } from './primitives.js'
import { line, text } from './text.js'

interface ErrorCodeRow {
  /** HTTP status of the same failure on an HTTP route. */
  readonly status: number
  /** True when the same request may succeed later, unchanged. */
  readonly retryable: boolean
  readonly description: string
}

const row = (status: number, description: string, retryable = false): ErrorCodeRow => ({
  status,
  retryable,
  description,
})

/** Every error a client can get. */
export const ERROR_CODES = {
  'frame.not_text': row(400, 'The frame is binary. Commands are JSON in text frames.'),
  'frame.not_json': row(400, 'The frame or body is not valid JSON.'),
  'frame.invalid': row(
    400,
    'The frame is not a command envelope (`details` names each fault), or the Idempotency-Key header is malformed.',
  ),
  'frame.too_large': row(
    413,
    'The frame, or the body of a command over HTTP, is larger than `limits.frameBytes` of `hello`.',
  ),
  'command.unknown': row(404, 'There is no command with this `type`.'),
  'command.invalid': row(400, '`data` does not fit the command; `details` names each fault.'),
  'command.needs_socket': row(
    400,
    'The command acts on a WebSocket connection, so it does not work over HTTP. Connect to /v1/socket and send it there.',
  ),
  'frame.too_many_values': row(400, 'The JSON of the frame or body holds more values than `limits.values` of `hello`.'),
  'frame.too_deep': row(400, 'The JSON of the frame or body is nested deeper than `limits.depth` of `hello`.'),
  'auth.required': row(401, 'The server requires a token and the request has none.'),
  'auth.invalid': row(
    401,
    'The token or ticket is malformed, unknown, already used, issued to another page, or not signed by a known key; or a claim is missing or wrong (the message names it); or authentication is off, so there is nothing to refresh.',
  ),
  'auth.expired': row(401, 'The token or ticket has expired; get a new one.', true),
  'auth.forbidden': row(
    403,
    'The token lacks the required scope or tenant, or the chat belongs to another subject; the message says which.',
  ),
  'auth.subject_changed': row(
    403,
    'The token in `auth.refresh` is for another subject or tenant. Open a new connection for it.',
  ),
  'idempotency.mismatch': row(409, 'This `key` was already used for another command or other `data`. Use a new key.'),
  'limit.rate': row(
    429,
    'Too many commands, requests or tickets in a short time. Wait for `retryAfterMs` or `Retry-After`.',
    true,
  ),
  'limit.in_flight': row(
    429,
    'Too many commands of this connection, or HTTP commands of this principal, are waiting for their reply (`limits.inFlight`). Wait for one.',
    true,
  ),
  'limit.subscriptions': row(429, 'The connection has reached `limits.subscriptions`. Unsubscribe from a topic first.'),
  'topic.not_found': row(404, 'The topic names a video, chat or job that does not exist.'),
  'video.not_found': row(404, 'There is no video with this id.'),
  'video.busy': row(409, 'A job for this video is queued or running. Cancel it or wait until it ends.', true),
  'video.no_picture': row(404, 'The video has no picture, no picture at this time, or none decoded yet.'),
  'upload.not_found': row(404, 'There is no upload with this id, or it no longer exists.'),
  'upload.empty': row(400, 'An upload must have at least one byte.'),
  'upload.too_large': row(413, 'The declared size is over `limits.uploadBytes`, or more bytes arrived than declared.'),
  'upload.too_many': row(
    429,
    'The tenant has reached `limits.openUploads`. Finish or remove unfinished uploads, or wait until they expire.',
    true,
  ),
  'upload.invalid': row(400, 'A tus header is missing or malformed; the message names it.'),
  'upload.offset_mismatch': row(
    409,
    'Upload-Offset is not the current offset of the upload. Ask for it with HEAD.',
    true,
  ),
  'upload.locked': row(423, 'Another request is writing to this upload. Try again shortly.', true),
  'upload.version': row(412, 'Tus-Resumable names a version this server does not support.'),
  'upload.media_type': row(415, 'A PATCH must have the Content-Type application/offset+octet-stream.'),
  'media.unreadable': row(
    422,
    'The uploaded file, or the file of a job, is not media this server can read; the message says why.',
  ),
  'media.truncated': row(
    422,
    'The file is cut short so early that nothing in it can be read: before the end of its index, or before its first picture and sound. A file cut later is accepted, with a warning in `media.warnings`.',
  ),
  'media.no_streams': row(422, 'The file has neither picture nor sound.'),
  'subtitles.invalid': row(
    422,
    'The subtitles have no readable cue, begin after the end of the video, or have too many or too long cues; the message says which.',
  ),
  'speaker.not_found': row(404, 'No sentence of the video has a speaker with this name.'),
  'job.not_found': row(404, 'There is no job with this id.'),
  'job.finished': row(409, 'The job has already ended.'),
  'job.not_retryable': row(409, 'Only a failed or cancelled job can be retried.'),
  'job.crashed': row(
    500,
    'The worker crashed three times in a row while running this job, without any new result. `processing.retry` starts it again.',
  ),
  'queue.full': row(503, 'The queue has reached CUEWIRE_QUEUE_LIMIT.', true),
  'stage.failed': row(
    500,
    'A stage of a job failed for a reason other than the file, such as missing stored bytes or an ffmpeg that cannot be started; the message says which stage, and why.',
    true,
  ),
  'speech.unreadable': row(
    422,
    'The speech is in a language that the installed speech model cannot read, or a part of it is. Run the `command` of the stage, if it has one.',
  ),
  'model.missing': row(
    503,
    'A stage was skipped because its model pack is not installed. Run the `command` of the stage.',
  ),
  'model.corrupt': row(
    503,
    'A stage was skipped because a file of its model pack is missing or has the wrong hash. Run the `command` of the stage.',
  ),
  'chat.not_found': row(404, 'There is no chat with this id.'),
  'chat.busy': row(409, 'The chat is still answering. Cancel the answer or wait for `chat.done`.', true),
  'chat.not_answering': row(409, 'The chat has no answer in progress to cancel.'),
  'record.damaged': row(
    500,
    'The stored record is damaged and cannot be read, or the file of a video is gone; the message says what to do. Lists leave damaged records out.',
  ),
  'cursor.invalid': row(400, 'The cursor does not come from this list. Start without one.'),
  'http.not_found': row(404, 'No such route.'),
  'http.method_not_allowed': row(405, 'The route does not support this method.'),
  'http.media_type': row(415, 'The body of a command over HTTP must be JSON with `Content-Type: application/json`.'),
  'http.framing': row(
    400,
    'The length of the request body is ambiguous: Content-Length is malformed or given twice, or Transfer-Encoding is not `chunked`. The connection is closed.',
  ),
  'http.range': row(416, 'The Range header asks for bytes the file does not have.'),
  'http.upgrade_required': row(426, '/v1/socket accepts only WebSocket handshakes of version 13.'),
  'http.unexpected_upgrade': row(400, 'WebSocket handshakes are accepted on /v1/socket only.'),
  'http.upgrade_invalid': row(400, 'The WebSocket handshake is malformed; the message names the header.'),
  'http.origin': row(403, 'The Origin is neither that of this server nor one of CUEWIRE_ORIGINS.'),
  'http.subprotocol': row(400, 'The client must offer the subprotocol cuewire.v1.'),
  'http.host': row(403, 'The Host header is neither a loopback name nor one of CUEWIRE_HOSTS.'),
  'http.too_many_connections': row(
    429,
    'The server, this address or this subject has reached its limit of connections; the message says which.',
    true,
  ),
  'server.draining': row(503, 'The server is shutting down. Connect again shortly.', true),
  'server.busy': row(
    503,
    'The queue for this work is full (pictures: CUEWIRE_STILLS_QUEUE; parsing of subtitles, questions and queries), or the work took too long. Wait for `retryAfterMs` or `Retry-After`.',
    true,
  ),
  'server.disk_full': row(
    507,
    'The disk of the server has no room for an upload, for the audio of a job, or for what a command stores. `GET /readyz` shows how much is free.',
    true,
  ),
  'server.internal': row(
    500,
    'A fault in the server, such as a damaged database or a missing stored file. The cause is in the server log, with the type of the command or the path of the request, and not in the answer.',
    true,
  ),
} as const satisfies Record<string, ErrorCodeRow>

export type ErrorCode = keyof typeof ERROR_CODES

export const ErrorCode = oneOf(Object.keys(ERROR_CODES) as ErrorCode[], 'error code')

/** One fault in an input: its JSON pointer and what is wrong. */
export const ErrorDetail = object({
  pointer: line({ maxLength: LIMITS.reasonLength, description: 'JSON pointer into the frame' }),
  message: text({ maxLength: LIMITS.reasonLength }),
})
export type ErrorDetail = Static<typeof ErrorDetail>

export const ErrorShape = object({
  code: ErrorCode,
  message: text({ maxLength: LIMITS.messageLength }),
  retryable: Type.Boolean(),
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0 })),
  details: Type.Optional(Type.Array(ErrorDetail, { maxItems: 20 })),
})
export type ErrorShape = Static<typeof ErrorShape>

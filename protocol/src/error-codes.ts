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

/** Every failure a client can be told of. */
export const ERROR_CODES = {
  'frame.not_text': row(400, 'A binary frame: commands are JSON in text frames.'),
  'frame.not_json': row(400, 'The frame or body is not valid JSON.'),
  'frame.invalid': row(
    400,
    'The frame is not a command envelope, and `details` name each fault; or the Idempotency-Key header is malformed.',
  ),
  'frame.too_large': row(
    413,
    'The frame, or the body of a command over HTTP, is larger than `limits.frameBytes` of `hello`.',
  ),
  'command.unknown': row(404, 'There is no command of this `type`.'),
  'command.invalid': row(400, '`data` does not fit the command; `details` name each fault.'),
  'command.needs_socket': row(
    400,
    'The command acts on a WebSocket connection, so it cannot be sent over HTTP: connect to /v1/socket and send it there.',
  ),
  'frame.too_many_values': row(400, 'The JSON of the frame or body holds more values than `limits.values` of `hello`.'),
  'frame.too_deep': row(400, 'The JSON of the frame or body is nested deeper than `limits.depth` of `hello`.'),
  'auth.required': row(401, 'The server asks for a token, and none was given.'),
  'auth.invalid': row(
    401,
    'The token or ticket is malformed, unknown, used already, of another page, or not signed by a known key; or a claim of the token is missing or wrong, which the message names; or there is no authentication to refresh.',
  ),
  'auth.expired': row(401, 'The token or ticket has expired; get a new one.', true),
  'auth.forbidden': row(
    403,
    'The token lacks the scope or the tenant, or the chat belongs to another subject; the message says which.',
  ),
  'auth.subject_changed': row(
    403,
    '`auth.refresh` brought a token of another subject or tenant; open another connection for it.',
  ),
  'idempotency.mismatch': row(
    409,
    'This `key` was used for another command; a key belongs to one command with one `data`.',
  ),
  'limit.rate': row(
    429,
    'Too many commands, requests or tickets in a short time; `retryAfterMs` or `Retry-After` says when there is room again.',
    true,
  ),
  'limit.in_flight': row(
    429,
    'As many commands of this connection, or over HTTP of this principal, await their reply as `limits.inFlight` allows.',
    true,
  ),
  'limit.subscriptions': row(429, 'The connection is subscribed to as many topics as `limits.subscriptions` allows.'),
  'topic.not_found': row(404, 'The topic names a video, chat or job that does not exist.'),
  'video.not_found': row(404, 'There is no video of this id.'),
  'video.busy': row(409, 'A job waits or runs on this video; cancel it or wait for its end.', true),
  'video.no_picture': row(404, 'The video has no picture, none at this time, or none that is decoded yet.'),
  'upload.not_found': row(404, 'There is no upload of this id, or no longer.'),
  'upload.empty': row(400, 'An upload must have at least one byte.'),
  'upload.too_large': row(413, 'The declared size is over `limits.uploadBytes`, or more bytes came than declared.'),
  'upload.too_many': row(
    429,
    'There are as many unfinished uploads as there may be; finish or remove some, or wait until they expire.',
    true,
  ),
  'upload.invalid': row(400, 'A tus header is missing or malformed; the message names it.'),
  'upload.offset_mismatch': row(409, 'Upload-Offset is not where the upload stands; ask with HEAD.', true),
  'upload.locked': row(423, 'Another request is writing to this upload.', true),
  'upload.version': row(412, 'Tus-Resumable names a version this server does not speak.'),
  'upload.media_type': row(415, 'A PATCH carries application/offset+octet-stream.'),
  'media.unreadable': row(
    422,
    'An upload, or the file of a job, is not media this server can read; the message says why.',
  ),
  'media.truncated': row(
    422,
    'The file was cut short before anything of it can be read: before the end of its index, or its first picture and sound. One that is cut later is taken as far as it goes, with a warning in `media.warnings`.',
  ),
  'media.no_streams': row(422, 'The file has neither picture nor sound.'),
  'subtitles.invalid': row(
    422,
    'The subtitles hold no readable cue, begin after the end of the video, or have more cues or longer ones than allowed; the message says which.',
  ),
  'job.not_found': row(404, 'There is no job of this id.'),
  'job.finished': row(409, 'The job has already ended.'),
  'job.not_retryable': row(409, 'Only a failed or cancelled job can be retried.'),
  'job.crashed': row(
    500,
    'The worker crashed three times in a row while it ran this job, before it found anything new; `processing.retry` starts it anew.',
  ),
  'queue.full': row(503, 'As many jobs wait as CUEWIRE_QUEUE_LIMIT allows.', true),
  'stage.failed': row(
    500,
    'A stage of a job failed through no fault of the file, such as stored bytes that are gone or an ffmpeg that cannot be started; the message says which stage, and why.',
    true,
  ),
  'model.missing': row(
    503,
    'A stage was skipped because the folder of its model pack is not there; `command` of the stage mends it.',
  ),
  'model.corrupt': row(
    503,
    'A stage was skipped because a file of its model pack is missing or has the wrong hash; `command` of the stage mends it.',
  ),
  'chat.not_found': row(404, 'There is no chat of this id.'),
  'chat.busy': row(409, 'The chat is still answering; cancel it or wait for `chat.done`.', true),
  'chat.not_answering': row(409, 'The chat has no answer under way to cancel.'),
  'record.damaged': row(
    500,
    'What the server has stored of this is damaged and cannot be read; the message says how to be rid of it. Lists leave it out.',
  ),
  'cursor.invalid': row(400, 'The cursor is not one that this list gave.'),
  'http.not_found': row(404, 'No such route.'),
  'http.method_not_allowed': row(405, 'The route does not know this method.'),
  'http.media_type': row(415, 'The body of a command over HTTP is JSON, sent as `Content-Type: application/json`.'),
  'http.framing': row(
    400,
    'It is not clear where the body of the request ends: Content-Length is malformed or given twice, or Transfer-Encoding is not `chunked`. The connection is closed.',
  ),
  'http.range': row(416, 'The Range header asks for nothing the file has.'),
  'http.upgrade_required': row(426, '/v1/socket speaks WebSocket only, and only its version 13.'),
  'http.unexpected_upgrade': row(400, 'WebSocket is spoken on /v1/socket only.'),
  'http.upgrade_invalid': row(400, 'The WebSocket handshake is malformed; the message names the header.'),
  'http.origin': row(403, 'The Origin is neither this server nor one of CUEWIRE_ORIGINS.'),
  'http.subprotocol': row(400, 'The client must offer the subprotocol cuewire.v1.'),
  'http.host': row(403, 'The Host header is neither loopback nor one of CUEWIRE_HOSTS.'),
  'http.too_many_connections': row(
    429,
    'The server, this address or this subject holds as many connections as it may.',
    true,
  ),
  'server.draining': row(503, 'The server is shutting down; connect again shortly.', true),
  'server.busy': row(
    503,
    'More work waits than the server takes on: pictures (CUEWIRE_STILLS_QUEUE), or subtitles, questions and queries to be read; or this one was not done in time. `retryAfterMs` and `Retry-After` say when to try again.',
    true,
  ),
  'server.disk_full': row(
    507,
    'The disk of the server has no room left for an upload, for the sound of a job, or for what a command is to store; `GET /readyz` tells how much there is.',
    true,
  ),
  'server.internal': row(
    500,
    'A fault of the server, such as a damaged database or a stored file that is gone. The answer does not hold the cause; the log of the server does, with the type of the command or the path of the request.',
    true,
  ),
} as const satisfies Record<string, ErrorCodeRow>

export type ErrorCode = keyof typeof ERROR_CODES

export const ErrorCode = oneOf(Object.keys(ERROR_CODES) as ErrorCode[], 'error code')

/** One fault of an input: where it is, as a JSON pointer, and what is wrong. */
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

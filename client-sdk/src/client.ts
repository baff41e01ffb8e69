import type { Video } from '#protocol'
import { type AnswerEvent, type AskOptions, ask } from './ask.js'
import { type Hello, openConnection } from './connection.js'
import { ConnectionError } from './errors.js'
import { type ClientCommand, type Methods, type SendCommand, withMethods } from './methods.js'
import { MUTATING, newKey } from './mutating.js'
import { type ConnectOptions, resolveOptions } from './options.js'
import { parseExpiring, type ServerFrame } from './parse.js'
import { firstConnection, keepConnected } from './reconnect.js'
import { type CommandOptions, Requests } from './requests.js'
import type { SubscribeOptions, Subscription } from './subscription.js'
import { Subscriptions } from './subscriptions.js'
import { TokenRenewal } from './token-renewal.js'
import { type UploadOptions, type UploadSource, upload } from './upload.js'

/** A connection to a Cuewire server that reconnects by itself. */
export interface ClientCore {
  /** The latest `hello` of the server: version, limits, models. */
  readonly hello: Hello
  /** Sends a command by its name, as `client.video.get(...)` does for `video.get`. */
  readonly command: SendCommand
  /** Follows a topic: `library`, or `video/`, `visual/`, `chat/`, `job/` and an id. */
  subscribe(topic: string, options?: SubscribeOptions): Subscription
  /** Sends a file and resolves with its video, whose processing then starts. */
  upload(source: UploadSource, options?: UploadOptions): Promise<Video>
  /** Asks in a chat; yields the events of the answer. */
  ask(chatId: string, question: string, options?: AskOptions): AsyncGenerator<AnswerEvent, void, undefined>
  /** Closes the client: waiting commands fail and subscriptions end. Safe to call again. */
  close(): Promise<void>
}

export type Client = ClientCore & Methods

/** Connects and resolves once the server has said `hello`; rejects when the first attempt fails, unless `retryFirstConnect` is set. */
export async function connect(target: string | URL | ConnectOptions): Promise<Client> {
  const options = typeof target === 'object' && !(target instanceof URL) ? target : { url: target }
  const settings = resolveOptions(options)
  const requests = new Requests(settings)
  const subscriptions = new Subscriptions(requests)
  const open = () => {
    renewal.connecting()
    return openConnection(settings, onFrame)
  }
  const closing = new AbortController()
  const command = ((name: ClientCommand, params: object = {}, commandOptions: CommandOptions = {}) => {
    const keyed = MUTATING.has(name) ? { key: newKey(), ...commandOptions } : commandOptions
    // The contract types the result; the server validates what it sends.
    return requests.send(name, params, keyed)
  }) as SendCommand
  const renewal = new TokenRenewal({
    settings,
    send: command,
    onRenewed(principal, failures) {
      hello = { ...hello, principal }
      if (failures > 0) settings.onState({ status: 'open', hello })
    },
  })

  function onFrame(frame: ServerFrame): void {
    if (frame.kind !== 'event') requests.settle(frame)
    else if (frame.event.type === 'goodbye') requests.hold()
    else if (frame.event.type === 'auth.expiring') void renewal.begin(parseExpiring(frame.event))
    else if (frame.event.type === 'lagging') settings.onLagging(frame.event.data)
    else subscriptions.dispatch(frame.event)
  }

  const first = await firstConnection({ open, settings, signal: options.signal })
  let hello = await first.opened

  const finished = keepConnected(first, {
    open,
    settings,
    signal: closing.signal,
    onOpen(connection, greeting) {
      hello = greeting
      settings.onState({ status: 'open', hello })
      requests.connected({ send: connection.send, ...hello.limits })
    },
    onLost(error) {
      renewal.stop()
      requests.disconnected(error)
      subscriptions.disconnected()
    },
  }).then(cause => {
    if (!cause) return settings.onState({ status: 'closed' })
    const error = new ConnectionError(`the client is closed: ${cause.message}`, { retryable: false, cause })
    requests.end(error)
    subscriptions.end({ error })
    settings.onState({ status: 'closed', error })
  })

  const subscribe = (topic: string, subscribeOptions: SubscribeOptions = {}) =>
    subscriptions.add(topic, subscribeOptions)

  const core: ClientCore = {
    get hello() {
      return hello
    },
    command,
    subscribe,
    upload: (source, uploadOptions = {}) => upload({ send: command, settings }, source, uploadOptions),
    ask: (chatId, question, askOptions) => ask({ send: command, subscribe }, chatId, question, askOptions),
    close() {
      requests.end(new ConnectionError('the client is closed', { retryable: false }))
      subscriptions.end({})
      renewal.stop()
      closing.abort()
      return finished
    },
  }
  return withMethods(core, command)
}

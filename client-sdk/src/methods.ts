import type { CommandName, CommandParams, CommandResult } from '#protocol'
import type { CommandOptions } from './requests.js'

/** The commands a caller may send; subscriptions are kept by `client.subscribe`. */
export type ClientCommand = Exclude<CommandName, 'subscribe' | 'unsubscribe'>

/** Sends one command and resolves with its result. */
export type SendCommand = <N extends ClientCommand>(name: N, ...args: CommandArgs<N>) => Promise<CommandResult<N>>

/** Parameters may be left out where the command needs none. */
export type CommandArgs<N extends ClientCommand> =
  Record<string, never> extends CommandParams<N>
    ? [params?: CommandParams<N>, options?: CommandOptions]
    : [params: CommandParams<N>, options?: CommandOptions]

type Namespace = ClientCommand extends infer N ? (N extends `${infer S}.${string}` ? S : never) : never

/** `client.video.get(params)` for every command `video.get` of the protocol's table. */
export type Methods = {
  readonly [S in Namespace]: {
    readonly [N in ClientCommand as N extends `${S}.${infer M}` ? M : never]: (
      ...args: CommandArgs<N>
    ) => Promise<CommandResult<N>>
  }
}

/** Adds the methods to the client: a name it lacks is a namespace, and each name in one a command. */
export function withMethods<C extends object>(client: C, send: SendCommand): C & Methods {
  const namespaces = new Map<string, object>()
  return new Proxy(client, {
    get(target, name, receiver) {
      if (typeof name === 'symbol' || name in target || !isCommandPart(name)) return Reflect.get(target, name, receiver)
      let namespace = namespaces.get(name)
      if (!namespace) {
        namespace = createNamespace(name, send)
        namespaces.set(name, namespace)
      }
      return namespace
    },
  }) as C & Methods
}

function createNamespace(namespace: string, send: SendCommand): object {
  return new Proxy(
    {},
    {
      get(target, name, receiver) {
        if (typeof name === 'symbol' || name in target || !isCommandPart(name)) {
          return Reflect.get(target, name, receiver)
        }
        return (...args: CommandArgs<ClientCommand>) => send(`${namespace}.${name}` as ClientCommand, ...args)
      },
    },
  )
}

/** `then` must stay absent: a promise that resolves with the client would take it for another promise. */
const isCommandPart = (name: string): boolean => /^[a-z_]+$/.test(name) && name !== 'then'

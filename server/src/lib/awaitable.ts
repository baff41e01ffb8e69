/** A value that may come later. Used where most values are there at once, and a promise would take longer than the work. */
export type Awaitable<T> = T | Promise<T>

/** What a function makes of a value; at once if the value is there. */
export function mapped<T, R>(value: Awaitable<T>, map: (value: T) => R): Awaitable<R> {
  return value instanceof Promise ? value.then(map) : map(value)
}

import type { Test } from 'tap'

type Content = Parameters<Test['testdir']>[0]

/**
 * A fresh folder of the test, removed when all that the test tears down is gone. Where a test asks for its folder
 * before its first teardown, tap removes the folder first, under a server that still writes to it.
 */
export function testFolder(t: Pick<Test, 'testdir' | 'teardown'>, content: Content = {}): string {
  t.teardown(() => undefined)
  return t.testdir(content)
}

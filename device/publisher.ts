import type { Screen } from './http/screen.ts'

/** Many things change at once; the page is told once. */
export const publisher = (
  screen: Pick<Screen, 'publish'>,
  parts: AsyncDisposableStack,
  onTrouble: (error: unknown) => void,
): (() => void) => {
  let pending: NodeJS.Immediate | undefined
  const publish = (): void => {
    pending ??= setImmediate(() => {
      pending = undefined
      tried(() => screen.publish(), onTrouble)
    })
  }
  parts.defer(() => clearImmediate(pending))
  return publish
}

/** What must not end the process: a timer, a cable or a line is behind it, and nobody catches. */
export const tried = (action: () => void, onTrouble: (error: unknown) => void): void => {
  try {
    action()
  } catch (error) {
    onTrouble(error)
  }
}

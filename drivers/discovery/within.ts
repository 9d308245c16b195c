import { startDeadline } from '../deadline.ts'
import { sleep } from '../time.ts'

/** What `work` gives, or `late` when it takes longer. The work is not stopped: nobody waits for it any more. */
export async function within<T, L>(deadlineMs: number, work: Promise<T>, late: L): Promise<T | L> {
  const timer = new AbortController()
  try {
    return await Promise.race([work, sleep(deadlineMs, timer.signal).then(() => late)])
  } finally {
    timer.abort()
  }
}

/**
 * What each of `works` gives, or `stuck` for those that are still open when none has ended for so long: on a machine
 * that is busy all of them are late, but one after the other they come.
 */
export async function whileAnyEnds<T>(
  quietMs: number,
  works: readonly Promise<T>[],
): Promise<(T | 'stuck')[]> {
  const quiet = Promise.withResolvers<'stuck'>()
  const giveUp = (): void => quiet.resolve('stuck')
  let callOff = startDeadline(quietMs, giveUp)
  try {
    return await Promise.all(
      works.map((work) =>
        Promise.race([
          quiet.promise,
          work.finally(() => {
            callOff()
            callOff = startDeadline(quietMs, giveUp)
          }),
        ]),
      ),
    )
  } finally {
    callOff()
  }
}

/** What a hall asks for again (PROTOCOLS.md §1.3), and what it cannot ask for: it names holes of one epoch only. */
import type { Outbox } from './outbox.ts'

export interface SendingAgain {
  /** Makes unsent again what of it is still here; gives how many events. */
  heed(epoch: number, missing: readonly number[]): number
  /** With the line a new hall may come: what was sent again once may be asked for once more. */
  lineLost(): void
}

export function createSendingAgain(outbox: Outbox): SendingAgain {
  /** In this stretch of line: once each, so that no answer can make us run in a ring. */
  const sentAgain = new Set<string>()
  let olderSent = false
  /** A beginning that is kept nowhere any more stays missing for ever: it says something the first time only. */
  const withoutBeginning = new Set<number>()

  /**
   * A hall that lacks what it once had was restored from a backup, and one that lacks an epoch's beginning may never
   * have had what was before it: older epochs are missing there too, and none of them has an event to be told by.
   */
  function lacksOlder(epoch: number, missing: readonly number[], reopened: number): boolean {
    if (reopened > 0) return true
    if (!missing.includes(1) || withoutBeginning.has(epoch)) return false
    withoutBeginning.add(epoch)
    return true
  }

  return {
    heed(epoch, missing) {
      const asked = missing.filter((one) => !sentAgain.has(`${epoch}/${one}`))
      if (asked.length === 0) return 0
      const reopened = outbox.sendAgain(epoch, asked)
      for (const one of asked) sentAgain.add(`${epoch}/${one}`)
      if (olderSent || !lacksOlder(epoch, asked, reopened)) return reopened
      olderSent = true
      return reopened + outbox.sendAgainBefore(epoch)
    },
    lineLost() {
      sentAgain.clear()
      olderSent = false
    },
  }
}

import type { AppliedSettings } from './settings.ts'
import { themeAt } from './surroundings.ts'

/** The theme and the notices in force follow the clock; nobody sees a quarter of a minute. */
const CLOCK_CHECK_MS = 15_000

/** What the clock alone changes: the page's theme, the notices in force, and what has been kept long enough. */
export const watchClock = (
  settings: () => AppliedSettings,
  { publish, forgetOld }: { publish: () => void; forgetOld: () => void },
  parts: AsyncDisposableStack,
): void => {
  const seen = () => ({
    date: new Date().toDateString(),
    theme: themeAt(new Date(), settings()),
  })
  let last = seen()
  const timer = setInterval(() => {
    const before = last
    last = seen()
    if (last.date !== before.date) forgetOld()
    if (last.date !== before.date || last.theme !== before.theme) publish()
  }, CLOCK_CHECK_MS)
  parts.defer(() => clearInterval(timer))
}

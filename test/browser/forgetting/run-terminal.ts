/** A terminal as `window24 device` runs it, in a process of its own; whoever started it may change its session's times. */
import { keepRunning } from '../../../device/keep-running.ts'
import { createLogger } from '../../../device/log.ts'
import type { SessionTimings } from '../../../device/session/state.ts'

const [config = '', dataDir = '', timings = ''] = process.argv.slice(2)
const sessionTimings: SessionTimings = JSON.parse(timings)
const { promise: stopAsked, resolve: stop } = Promise.withResolvers<void>()
process.once('disconnect', stop)
process.on('message', (change: Partial<SessionTimings>) => {
  Object.assign(sessionTimings, change)
  process.send?.({ changed: true })
})
await keepRunning(
  {
    config,
    dataDir,
    openScreen: true,
    logger: createLogger(),
    sessionTimings,
  },
  { stopAsked, tell: ({ screenUrl }) => void process.send?.({ screenUrl }) },
)
process.exit()

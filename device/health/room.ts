/** The room `health` of the technician's pages: what is wrong, the checks, the backlog, the log. */
import { existsSync } from 'node:fs'
import { countSetAside, listSetAside, takeBackSetAside } from '../../sync/outbox-aside.ts'
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { Check, HealthAction, HealthFault, HealthState } from '../http/contract.ts'
import type { Insight } from '../insight.ts'
import { DONE, refuse, type SetupAnswer, type SetupRoom, type Workshop } from '../technician/workshop.ts'
import type { HallAddress } from './checks/ask-hall.ts'
import { checkClock } from './checks/clock.ts'
import type { CheckLine } from './checks/line.ts'
import { checkNetwork } from './checks/network.ts'
import { checkStorage } from './checks/storage.ts'
import { logBookIn } from './log-book.ts'

/** What a page shows; the support bundle takes all that is kept. */
const LOG_LINES_SHOWN = 100
const SET_ASIDE_SHOWN = 50

/** Every change of the configuration starts the device anew; only what takes longer is a stop. */
const STOPPED_AFTER_MS = 5_000

type CheckName = keyof HealthState['checks']
const CHECK_NAMES: readonly CheckName[] = ['network', 'clock', 'storage']

/** All that this room needs of the workshop. */
export type HealthWorkshop = Pick<
  Workshop,
  'dataDir' | 'configPath' | 'configuration' | 'device' | 'onDevice' | 'onChange' | 'onTrouble'
>

export const openHealthRoom = (workshop: HealthWorkshop): SetupRoom<HealthState, HealthAction> =>
  healthRoom(workshop, STOPPED_AFTER_MS)

export const healthRoom = (
  workshop: HealthWorkshop,
  stoppedAfterMs: number,
): SetupRoom<HealthState, HealthAction> => {
  const book = logBookIn(workshop.dataDir)
  const checks: Record<CheckName, Check> = {
    network: { state: 'not-tried' },
    clock: { state: 'not-tried' },
    storage: { state: 'not-tried' },
  }
  let closed = false
  let stoppedSince: string | null = null
  let stopped = false
  let stopTimer: NodeJS.Timeout | undefined
  let stopListening = (): void => {}
  const listenTo = (device: Insight | null): void => {
    stopListening()
    stopListening = device?.health.onChange(workshop.onChange) ?? (() => {})
    clearTimeout(stopTimer)
    stopped = false
    stoppedSince = device === null ? (stoppedSince ?? formatInstant(new Date())) : null
    if (device !== null) return
    stopTimer = setTimeout(() => {
      stopped = true
      workshop.onChange()
    }, stoppedAfterMs)
  }
  listenTo(workshop.device())
  const stopWatching = workshop.onDevice((device) => {
    listenTo(device)
    workshop.onChange()
  })

  const run = async (name: CheckName): Promise<void> => {
    if (checks[name].state === 'trying') return
    checks[name] = { state: 'trying' }
    workshop.onChange()
    try {
      const lines = await lookAt(name, workshop)
      const state = lines.every(({ good }) => good) ? 'good' : 'bad'
      checks[name] = { state, at: formatInstant(new Date()), lines }
    } catch (error) {
      checks[name] = { state: 'not-tried' }
      workshop.onTrouble(error)
    }
    if (!closed) workshop.onChange()
  }

  const sendAgain = (): SetupAnswer => {
    const device = workshop.device()
    if (device === null || !device.db.open)
      return refuse('not-running', 'no device runs that could send: start it first')
    const count = takeBackSetAside(device.db)
    device.resumeSending()
    workshop.onChange()
    return count === 0 && countSetAside(device.db) > 0
      ? refuse('nothing-to-send', 'what was set aside is damaged, and cannot be sent any more')
      : DONE
  }

  return {
    state() {
      const device = workshop.device()
      return {
        faults: device?.health.faults() ?? (stopped ? notRunning(workshop, stoppedSince) : []),
        checks: { ...checks },
        backlog: backlogOf(device),
        log: book.lines().slice(-LOG_LINES_SHOWN),
      }
    },
    async act(action) {
      switch (action.type) {
        case 'check':
          // A look takes seconds; the page is told by the state meanwhile.
          for (const name of action.what === 'all' ? CHECK_NAMES : [action.what]) void run(name)
          return DONE
        case 'send-again':
          return sendAgain()
      }
    },
    async close() {
      closed = true
      clearTimeout(stopTimer)
      stopListening()
      stopWatching()
    },
  }
}

const lookAt = (name: CheckName, workshop: HealthWorkshop): Promise<CheckLine[]> => {
  const hall = hallOf(workshop)
  switch (name) {
    case 'network':
      return checkNetwork(hall)
    case 'clock':
      return checkClock({ hall, knownOffsetMs: workshop.device()?.client.clock.state().offsetMs ?? null })
    case 'storage':
      return checkStorage({ dataDir: workshop.dataDir })
  }
}

const hallOf = (workshop: HealthWorkshop): HallAddress | null => {
  const hall = workshop.configuration()?.hall
  if (hall === undefined) return null
  const { url, ca, pin } = hall
  return { url, trust: ca === null && pin === null ? null : { ca, pins: pin ?? [] } }
}

/** Before the first run is through its role nothing is wrong: there is no device yet. */
const notRunning = ({ configPath }: HealthWorkshop, since: string | null): HealthFault[] =>
  existsSync(configPath)
    ? [
        {
          id: 'device.stopped',
          severity: 'fault',
          since: since ?? formatInstant(new Date()),
          stops: ['everything'],
          todo: ['mend-configuration', 'run-storage-check'],
          facts: {},
        },
      ]
    : []

const backlogOf = (device: Insight | null): HealthState['backlog'] => {
  if (device === null) return { count: 0, oldestAt: null, setAside: [], setAsideCount: 0 }
  const { count, oldestAt } = device.outbox.backlog()
  if (!device.db.open) return { count, oldestAt, setAside: [], setAsideCount: 0 }
  const setAside = listSetAside(device.db, SET_ASIDE_SHOWN)
  return { count, oldestAt, setAside, setAsideCount: countSetAside(device.db) }
}

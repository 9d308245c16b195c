/** What a report rests on, read from a device's folder: whether it runs or not, nothing of it is changed. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { loadIdentity } from '../../../sync/identity.ts'
import { countSetAside } from '../../../sync/outbox-aside.ts'
import { statements } from '../../../sync/outbox-statements.ts'
import { formatInstant, formatSequence } from '../../../sync/protocol/identifiers.ts'
import { isUnreadable } from '../../../sync/sqlite-faults.ts'
import type { Configuration } from '../../configuration.ts'
import type { HallAddress } from '../../health/checks/ask-hall.ts'
import { checkClock } from '../../health/checks/clock.ts'
import type { CheckLine } from '../../health/checks/line.ts'
import { checkNetwork } from '../../health/checks/network.ts'
import { checkStorage } from '../../health/checks/storage.ts'
import type { Check } from '../../http/contract.ts'
import { SOFTWARE } from '../../software.ts'
import { STORE_FILE } from '../../store/store.ts'
import { readKept } from '../device/kept.ts'
import { lookAtDevice } from '../doctor/look-at-device.ts'
import { entriesOf } from '../peripherals/entries.ts'
import { resultOf } from '../peripherals/results.ts'
import type { ReportFacts } from './report-facts.ts'

/** @param user who asks, for the words of the doctor */
export const factsFromFolder = async (
  configuration: Configuration,
  dataDir: string,
  user: string,
): Promise<ReportFacts> => {
  const { look } = lookAtDevice(dataDir, user)
  const { url, ca, pin } = configuration.hall
  const hall: HallAddress = {
    url,
    trust: ca === null && pin === null ? null : { ca, pins: pin ?? [] },
  }
  const [network, clock, storage] = await Promise.all([
    checked(checkNetwork(hall)),
    checked(checkClock({ hall, knownOffsetMs: null })),
    checked(checkStorage({ dataDir })),
  ])
  const identity = existsSync(join(dataDir, 'identity.json')) ? loadIdentity(dataDir) : null
  const { panel } = readKept(dataDir, true)
  const { name, window } = configuration.device
  const { head, backlog } = chainIn(join(dataDir, STORE_FILE))
  return {
    device: {
      ...{ name, window, role: configuration.role },
      hall: { url, deviceId: identity?.deviceId ?? null },
      screen: {
        diagonalInches: configuration.screen.diagonalInches,
        widthPx: panel?.widthPx ?? null,
        heightPx: panel?.heightPx ?? null,
      },
      software: { window24: SOFTWARE, node: process.versions.node, content: null, settings: null },
      runs: look.state === 'running',
      since: null,
    },
    peripherals: entriesOf(configuration).map((entry) => ({
      ...entry,
      status: null,
      test: resultOf(dataDir, entry),
    })),
    health: { faults: [...look.faults], checks: { network, clock, storage }, backlog },
    thumbprint: identity?.thumbprint ?? null,
    head,
  }
}

const checked = async (look: Promise<CheckLine[]>): Promise<Check> => {
  const lines = await look
  const state = lines.every(({ good }) => good) ? 'good' : 'bad'
  return { state, at: formatInstant(new Date()), lines }
}

type Chain = Pick<ReportFacts, 'head'> & Pick<ReportFacts['health'], 'backlog'>

/** A store that cannot be read says nothing; why not is among the faults. */
const chainIn = (path: string): Chain => {
  const nothing: Chain = { head: null, backlog: { count: 0, setAsideCount: 0 } }
  if (!existsSync(path)) return nothing
  try {
    const db = new Database(path, { readonly: true })
    try {
      const sql = statements(db)
      const { epoch, sequence, hash } = sql.head.get() ?? { epoch: 0, sequence: 0, hash: '' }
      const backlog = { count: sql.count.get() ?? 0, setAsideCount: countSetAside(db) }
      return { head: sequence === 0 ? null : { epoch, sequence: formatSequence(sequence), hash }, backlog }
    } finally {
      db.close()
    }
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return nothing
  }
}

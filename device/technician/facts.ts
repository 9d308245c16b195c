/**
 * What a technician did, on its way into the chain: before enrolment and on a full disk there is none to take it, so it
 * is kept in a file of its own until there is.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../sync/durable-file.ts'
import { type EventData, eventData } from '../../sync/protocol/event-data.ts'
import { formatInstant, Instant } from '../../sync/protocol/identifiers.ts'
import type { Insight } from '../insight.ts'

const FILE_NAME = 'technician-facts.json'
const OWNER_ONLY = 0o600
/** A first run makes some dozens; a device that never joins a hall must not fill its disk with them. */
const WAITING_AT_MOST = 200

const Kept = z.strictObject({
  version: z.literal(1),
  /** The newest version of device.json that the chain was told of. */
  toldVersion: z.int().min(0),
  waiting: z.array(z.strictObject({ at: Instant, fact: eventData.technician })),
})
type Kept = z.infer<typeof Kept>

type Chain = Pick<Insight, 'identity' | 'outbox' | 'db'>

export interface TechnicianFacts {
  record(fact: EventData<'technician'>): void
  /** The newest version that was told of; 0 for none. */
  toldVersion(): number
  /** Tells of a version of device.json, once. */
  recordVersion(version: { number: number; why: string; changed: string[] }): void
  /** Puts what waits into the chain, if there is one now. */
  flush(): void
}

/** @param chain null while no device runs */
export const openTechnicianFacts = (
  dataDir: string,
  chain: () => Chain | null,
  onTrouble: (error: unknown) => void,
): TechnicianFacts => {
  const path = join(dataDir, FILE_NAME)
  let kept = read(path)

  const keep = (next: Kept): void => {
    kept = next
    try {
      replaceFile(path, `${JSON.stringify(next)}\n`, OWNER_ONLY)
    } catch (error) {
      // They stay in memory, and the next one that can be written takes them along.
      onTrouble(error)
    }
  }
  const flush = (): void => {
    const now = chain()
    if (kept.waiting.length === 0 || now === null || now.identity.deviceId === null || !now.db.open) return
    const { waiting } = kept
    try {
      now.db.transaction(() => {
        for (const { fact, at } of waiting) now.outbox.append('technician', fact, new Date(at))
      })()
    } catch (error) {
      onTrouble(error)
      return
    }
    keep({ ...kept, waiting: [] })
  }
  const add = (facts: EventData<'technician'>[], toldVersion: number): void => {
    const at = formatInstant(new Date())
    const waiting = [...kept.waiting, ...facts.map((fact) => ({ at, fact }))].slice(-WAITING_AT_MOST)
    keep({ version: 1, toldVersion, waiting })
    flush()
  }

  return {
    record: (fact) => add([eventData.technician.parse(fact)], kept.toldVersion),
    toldVersion: () => kept.toldVersion,
    recordVersion({ number, why, changed }) {
      if (number <= kept.toldVersion) return
      add([{ fact: 'configuration', version: number, why, changed }], number)
    },
    flush,
  }
}

const NONE: Kept = { version: 1, toldVersion: 0, waiting: [] }

const read = (path: string): Kept => {
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // None yet, or a damaged one: what it held is lost, and nothing else hangs on it.
    return NONE
  }
}

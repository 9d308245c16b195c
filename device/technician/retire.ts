/**
 * A device that is taken out of use: its hall has all that it knows, and then it knows nothing any more. The wish is
 * written down first, so that a cut of power in between leaves no half-forgotten device: the next start goes on.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { replaceFile, syncFolderOf } from '../../sync/durable-file.ts'
import type { Insight } from '../insight.ts'
import type { Succession } from '../succession.ts'
import { refuse, type SetupAnswer } from './workshop.ts'

const WISH_FILE = 'retiring'
const OWNER_ONLY = 0o600
/** The browser of this screen goes on: it is the machine's and not the device's. */
const KEPT_FILES: readonly string[] = ['screen-token', WISH_FILE]
/** What waits goes within moments over a line that is up; a technician waits no longer for one that is not. */
const SENT_WITHIN_MS = 10_000
const LOOK_EVERY_MS = 50

export interface Retirement {
  dataDir: string
  configPath: string
  succession: Succession
  loseUnsent: boolean
  /** Closes whatever still writes there, calls `forget`, and begins anew. */
  around: (forget: () => void) => Promise<void>
}

/** Null once it is done, and no device runs any more. */
export const retireDevice = async (retirement: Retirement): Promise<SetupAnswer | null> => {
  const { dataDir, configPath, succession, loseUnsent, around } = retirement
  const device = succession.device()?.insight ?? null
  if (device !== null && device.identity.deviceId !== null) {
    const unsent = await sendAll(device, loseUnsent)
    if (unsent !== null) return unsent
  } else if (device === null && existsSync(join(dataDir, 'identity.json')) && !loseUnsent) {
    const detail = 'no device runs here that could say what the hall does not have yet: it may be lost'
    return refuse('unsent', detail)
  }
  replaceFile(join(dataDir, WISH_FILE), `${JSON.stringify({ configPath })}\n`, OWNER_ONLY)
  await succession.stop()
  await around(() => forgetAll(dataDir, configPath))
  return null
}

const sendAll = async (device: Insight, loseUnsent: boolean): Promise<SetupAnswer | null> => {
  const { outbox, db } = device
  if (!loseUnsent && !(await drained(device)))
    return refuse('unsent', `the hall does not have ${outbox.backlog().count} records yet`)
  try {
    db.transaction(() => outbox.append('technician', { fact: 'retire' }, new Date()))()
  } catch (error) {
    // On a full disk nobody is told; whoever retires it has been asked already whether that may be.
    if (!loseUnsent) throw error
  }
  const told = await drained(device)
  return told || loseUnsent ? null : refuse('unsent', 'the hall has not taken the last record: try again')
}

const drained = async ({ outbox, online }: Insight): Promise<boolean> => {
  const until = performance.now() + SENT_WITHIN_MS
  while (outbox.backlog().count > 0) {
    if (!online() || performance.now() > until) return false
    await sleep(LOOK_EVERY_MS)
  }
  return true
}

/** At a start: goes on where the power was cut. */
export const finishRetiring = (dataDir: string, configPath: string): void => {
  if (existsSync(join(dataDir, WISH_FILE))) forgetAll(dataDir, configPath)
}

const forgetAll = (dataDir: string, configPath: string): void => {
  rmSync(configPath, { force: true })
  for (const name of readdirSync(dataDir)) {
    if (!KEPT_FILES.includes(name)) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
  rmSync(join(dataDir, WISH_FILE), { force: true })
  syncFolderOf(join(dataDir, WISH_FILE))
}

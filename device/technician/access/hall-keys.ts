/** What the hall signs its files for technicians with, and which of those files were used: `technician-hall.json`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../../sync/durable-file.ts'
import { SigningKey } from '../../../sync/protocol/keys.ts'

const FILE_NAME = 'technician-hall.json'
const OWNER_ONLY = 0o600
/** Instances of one hall may each have their own; older ones than these are of halls that are gone. */
const KEYS_AT_MOST = 4
/** A file is good for a week: a device that is reset more often in that time has other troubles. */
const USED_AT_MOST = 100

const Kept = z.strictObject({
  version: z.literal(1),
  keys: z.array(SigningKey),
  used: z.array(z.uuid()),
})
type Kept = z.infer<typeof Kept>

export interface HallKeys {
  /** Those that were told last first. */
  keys(): readonly SigningKey[]
  learn(key: SigningKey): void
  isUsed(id: string): boolean
  /** @throws the system's error: what cannot be noted is not to be taken */
  use(id: string): void
}

export const openHallKeys = (dataDir: string, onTrouble: (error: unknown) => void): HallKeys => {
  const path = join(dataDir, FILE_NAME)
  let kept = read(path)
  const keep = (next: Kept): void => {
    replaceFile(path, `${JSON.stringify(next)}\n`, OWNER_ONLY)
    kept = next
  }
  return {
    keys: () => kept.keys,
    learn(key) {
      if (kept.keys.some((known) => known.x === key.x)) return
      try {
        keep({ ...kept, keys: [key, ...kept.keys].slice(0, KEYS_AT_MOST) })
      } catch (error) {
        // It is told again each minute.
        onTrouble(error)
      }
    },
    isUsed: (id) => kept.used.includes(id),
    use: (id) => keep({ ...kept, used: [...kept.used, id].slice(-USED_AT_MOST) }),
  }
}

const read = (path: string): Kept => {
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // None yet, or a damaged one: the hall tells its key again, and until then no file opens anything.
    return { version: 1, keys: [], used: [] }
  }
}

/** The hall's sealing keys: `sealing-keys.json`, mode 0600. Who has this file can read every rater's name. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../durable-file.ts'
import { createSealingKeyPair, publicSealingKey, type SealingKey, SealingKeyPair } from '../protocol/keys.ts'
import { HallError } from './fault.ts'

export const SEALING_KEYS_FILE = 'sealing-keys.json'
const OWNER_ONLY_MODE = 0o600

/** The last one seals; the others still open what was sealed before. */
const KeyFile = z.strictObject({ keys: z.array(SealingKeyPair).min(1) })

export interface SealingKeys {
  all: readonly SealingKeyPair[]
  current: SealingKey
}

/**
 * Reads the keys, or makes the first one of a hall.
 * @param hallIsNew nothing was ever sealed for this hall: only then may there be no file
 * @throws HallError `sealing-keys-damaged`: what was sealed for a lost key stays closed for ever, so a damaged or
 * missing file is for a person to restore and never replaced
 */
export function loadSealingKeys(dataDir: string, hallIsNew: boolean): SealingKeys {
  const path = join(dataDir, SEALING_KEYS_FILE)
  const text = readIfThere(path)
  if (text === null) {
    if (!hallIsNew) {
      const lost = 'without it nothing that the devices of this hall have sealed can be opened'
      throw new HallError('sealing-keys-damaged', `${path} is missing: restore it from a backup; ${lost}`)
    }
    const pair = createSealingKeyPair()
    replaceFile(path, `${JSON.stringify({ keys: [pair] }, null, 2)}\n`, OWNER_ONLY_MODE)
    return { all: [pair], current: publicSealingKey(pair) }
  }
  const keys = parse(text)
  const last = keys?.at(-1)
  if (keys === null || last === undefined)
    throw new HallError('sealing-keys-damaged', `${path} is damaged: restore it from a backup`)
  return { all: keys, current: publicSealingKey(last) }
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function parse(text: string): SealingKeyPair[] | null {
  try {
    return KeyFile.parse(JSON.parse(text)).keys
  } catch {
    return null
  }
}

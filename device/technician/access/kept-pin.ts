/** The technician's PIN as a hash, and the tries since the last right one: `technician.json` in the data folder. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../../sync/durable-file.ts'
import { StaffPinHash } from '../../../sync/protocol/staff-pin.ts'

const FILE_NAME = 'technician.json'
const OWNER_ONLY = 0o600

const KeptPin = z.strictObject({
  version: z.literal(1),
  pin: StaffPinHash,
  /** Wrong ones since the last right one. Never what was typed. */
  wrong: z.int().min(0),
  /** Milliseconds since the epoch, of the last try. */
  triedAt: z.number().min(0),
})
export type KeptPin = z.infer<typeof KeptPin>

export type PinFile = { state: 'none' } | { state: 'damaged' } | { state: 'set'; kept: KeptPin }

/** What is there and is none, or cannot be read, is damaged: it never opens the door. */
export const readPinFile = (dataDir: string): PinFile => {
  let text: string
  try {
    text = readFileSync(join(dataDir, FILE_NAME), 'utf8')
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { state: isMissing ? 'none' : 'damaged' }
  }
  try {
    return { state: 'set', kept: KeptPin.parse(JSON.parse(text)) }
  } catch {
    return { state: 'damaged' }
  }
}

/** @throws the system's error; the file is then what it was */
export const writePinFile = (dataDir: string, kept: KeptPin): void =>
  replaceFile(join(dataDir, FILE_NAME), `${JSON.stringify(kept)}\n`, OWNER_ONLY)

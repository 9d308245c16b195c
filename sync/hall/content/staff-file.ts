/** `content/staff.json` as a command changes it: one member of one entry, and nothing else. */
import { statSync } from 'node:fs'
import { z } from 'zod'
import { replaceFile } from '../../durable-file.ts'
import { HallError } from '../fault.ts'
import { readJson } from './folder.ts'

const Entry = z.looseObject({ staffId: z.string(), pin: z.string().optional() })
type Entry = z.infer<typeof Entry>

const PERMISSION_BITS = 0o777

/** @throws HallError `content-invalid`, `no-such-staff` */
export function staffEntry(path: string, staffId: string): Entry {
  return found(path, readEntries(path), staffId)
}

/**
 * @param pin a hash (protocol/staff-pin.ts), or null for none
 * @returns whether there was one before
 * @throws HallError `content-invalid`, `no-such-staff`, `content-not-written`
 */
export function setStaffPin(path: string, staffId: string, pin: string | null): boolean {
  const entries = readEntries(path)
  const entry = found(path, entries, staffId)
  const had = entry.pin !== undefined
  if (pin === null) delete entry.pin
  else entry.pin = pin
  try {
    const { mode, uid, gid } = statSync(path)
    replaceFile(path, `${JSON.stringify(entries, null, 2)}\n`, mode & PERMISSION_BITS, { uid, gid })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unwritable'
    const message = `${path} cannot be written (${code}): call this as the user whom it belongs to`
    throw new HallError('content-not-written', message, { cause })
  }
  return had
}

function readEntries(path: string): Entry[] {
  const entries = z.array(Entry).safeParse(readJson(path))
  if (entries.success) return entries.data
  throw new HallError('content-invalid', `${path}: a list of staff is needed, each with a staffId`)
}

function found(path: string, entries: Entry[], staffId: string): Entry {
  const entry = entries.find((one) => one.staffId === staffId)
  if (entry !== undefined) return entry
  throw new HallError('no-such-staff', `${path} has nobody of number "${staffId}": write the entry first`)
}

/**
 * What a configuration file carries from one device to fifty others, and what stays: the name, the window and the
 * enrolment code belong to one machine, and its keys were never in a configuration. The window's tokens go along: each
 * belongs to an integrating system, not to a pad, and that system shows the same one to every pad of its hall; a file
 * without them would be typed to its end at each window. This is why there is no file that is not sealed.
 */
import { readFile } from 'node:fs/promises'
import { isRecord } from './places.ts'

type Parts = Record<string, unknown>

/** Of the device that a file is taken at. */
export interface OwnParts {
  name: string | null
  window: string | null
}

const PEM = '-----BEGIN'

/**
 * A copy of device.json without what belongs to one machine. The hall's authorities are put in as text: the file that
 * they are in is on this machine alone. If that file is gone its path stays, and the other device says so.
 */
export const withoutMachine = async (written: Parts): Promise<Parts> => {
  const { device: _own, ...parts } = structuredClone(written)
  const { enrolmentCode: _used, ...hall } = partOf(parts, 'hall')
  if (typeof hall.ca === 'string' && !hall.ca.includes(PEM))
    hall.ca = await readFile(hall.ca, 'utf8').catch(() => hall.ca)
  return { ...parts, hall }
}

/** The file's configuration as it would stand here. */
export const settledHere = (configuration: Parts, here: unknown, own: OwnParts): Parts => {
  const { role, device: _none, ...parts } = structuredClone(configuration)
  const device = { name: own.name, ...(role === 'pad' && { window: own.window }) }
  const hall = partOf(parts, 'hall')
  const before = partOf(here, 'hall')
  // A code is of one hall.
  const keepsCode = before.enrolmentCode !== undefined && before.url === hall.url
  return {
    role,
    device,
    ...parts,
    hall: keepsCode ? { ...hall, enrolmentCode: before.enrolmentCode } : hall,
  }
}

export const ownParts = (here: unknown): OwnParts => {
  const { name, window } = partOf(here, 'device')
  return {
    name: typeof name === 'string' && name !== '' ? name : null,
    window: typeof window === 'string' && window !== '' ? window : null,
  }
}

export const roleOf = (value: unknown): 'terminal' | 'pad' | null => {
  const role = isRecord(value) ? value.role : undefined
  return role === 'terminal' || role === 'pad' ? role : null
}

/** Empty where there is none. */
export const partOf = (value: unknown, key: string): Parts => {
  const part = isRecord(value) ? value[key] : undefined
  return isRecord(part) ? part : {}
}

/** A device's configuration as a file to take along, sealed. */
import type { Machine } from '../../../drivers/discovery/machine.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import { SETUP_FILE_SUFFIX, type SetupLock, sealSetup } from '../../../sync/protocol/setup-file.ts'
import { SOFTWARE } from '../../software.ts'
import { ownParts, roleOf, withoutMachine } from './contents.ts'
import { isRecord } from './places.ts'
import { socketsOf } from './ports-here.ts'

const DATE_CHARACTERS = 10

export interface ExportedFile {
  /** `window24-pad-2026-11-22.w24setup` */
  name: string
  bytes: Uint8Array
}

/** Null when `written` is no device.json of a device that could run. */
export const exportFile = async (
  written: unknown,
  lock: SetupLock,
  machine: Machine,
  now: Date,
): Promise<ExportedFile | null> => {
  const role = roleOf(written)
  const { name } = ownParts(written)
  if (!isRecord(written) || role === null || name === null) return null
  const at = formatInstant(now)
  const [configuration, sockets] = await Promise.all([withoutMachine(written), socketsOf(written, machine)])
  const text = await sealSetup({ role, from: name, at, software: SOFTWARE, configuration, sockets }, lock)
  return {
    name: `window24-${role}-${at.slice(0, DATE_CHARACTERS)}${SETUP_FILE_SUFFIX}`,
    bytes: new TextEncoder().encode(text),
  }
}

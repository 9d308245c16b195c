/** `window24 hall technician`: a way into a device whose technician's PIN is lost. */
import { randomUUID } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256Hex } from '../../protocol/canonical.ts'
import { formatInstant } from '../../protocol/identifiers.ts'
import {
  RESET_FILE_DAYS,
  resetFileName,
  signReset,
  TECHNICIAN_CODE_HOURS,
} from '../../protocol/technician-reset.ts'
import { newEnrolmentCode } from '../enrolment.ts'
import { HallError } from '../fault.ts'
import { SEALING_KEYS_FILE } from '../sealing-keys.ts'
import type { Store } from '../store/store.ts'
import { loadTechnicianKey } from '../technician-key.ts'
import { DONE, defineCommand, WrongUse } from './command.ts'
import { withStore } from './open.ts'

const MS_PER_HOUR = 60 * 60 * 1000
const MS_PER_DAY = 24 * MS_PER_HOUR
const OWNER_ONLY_MODE = 0o600

export const technician = defineCommand({
  help: `  window24 hall technician --device ID --data DIR
      prints a code that lets a technician choose a new PIN at the device ID, once within ${TECHNICIAN_CODE_HOURS} hours: it is typed
      there, and the device asks this hall about it
  window24 hall technician --device ID --file F --data DIR [--sealing-keys F]
      the same for a device without a line: writes a signed file for a USB stick, good at that device alone, once
      within ${RESET_FILE_DAYS} days by its clock. F is a name that ends in .w24pin, or the folder of the stick
`,
  options: {
    device: { type: 'string' },
    file: { type: 'string' },
    'sealing-keys': { type: 'string' },
  },
  async run({ hall, values }) {
    const { device = '', file } = values
    if (device === '') throw new WrongUse('--device ID is needed: "window24 hall devices" has their names')
    return await withStore(hall, async (store) => {
      await refuseUnknown(store, device)
      const now = new Date()
      if (file === undefined) process.stdout.write(`${await newCode(store, device, now)}\n`)
      else {
        const keysFile = values['sealing-keys'] ?? join(hall.data, SEALING_KEYS_FILE)
        process.stdout.write(`${writeReset(device, file, keysFile, now)}\n`)
      }
      return DONE
    })
  },
})

async function refuseUnknown(store: Store, deviceId: string): Promise<void> {
  const device = await store.device(deviceId)
  if (device === null)
    throw new HallError('no-such-device', `no device is called "${deviceId}": see "window24 hall devices"`)
  if (device.revokedAt !== null)
    throw new HallError('no-such-device', `${deviceId} is revoked: it asks this hall for nothing any more`)
}

async function newCode(store: Store, deviceId: string, createdAt: Date): Promise<string> {
  const code = newEnrolmentCode()
  const expiresAt = new Date(createdAt.getTime() + TECHNICIAN_CODE_HOURS * MS_PER_HOUR)
  await store.technicianCodes.add({ codeHash: sha256Hex(code), deviceId, createdAt, expiresAt })
  return code
}

/** @returns where it lies */
function writeReset(device: string, where: string, sealingKeysFile: string, now: Date): string {
  if (!existsSync(sealingKeysFile))
    throw new HallError(
      'no-hall-here',
      `there are no sealing keys at ${sealingKeysFile}: start the server once, or say where they lie`,
    )
  const { privateKey } = loadTechnicianKey(sealingKeysFile)
  const path = where.endsWith('.w24pin') ? where : join(where, resetFileName(device))
  const claim = {
    purpose: 'technician-pin',
    device,
    id: randomUUID(),
    issuedAt: formatInstant(now),
    expiresAt: formatInstant(new Date(now.getTime() + RESET_FILE_DAYS * MS_PER_DAY)),
  } as const
  try {
    writeFileSync(path, signReset(claim, privateKey), { mode: OWNER_ONLY_MODE, flush: true })
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause
    const message = `${path} cannot be written (${String(cause.code)}): give a name in a folder that is there`
    throw new HallError('file-unwritable', message, { cause })
  }
  return path
}

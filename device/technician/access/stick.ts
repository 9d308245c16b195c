/** The hall's file for this device on a USB stick, the newest one where there are several. */
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { RESET_FILE_BYTES_AT_MOST, resetFileName } from '../../../sync/protocol/technician-reset.ts'
import { readFromStick } from '../stick-files.ts'
import { findSticks } from '../sticks.ts'

export type FoundResetFile = { ok: true; bytes: Uint8Array } | { ok: false; code: string; detail: string }

/** @param deviceId a file that is called after it comes before any other; null: this device has no name at a hall */
export const newestResetFile = async (
  deviceId: string | null,
  machine: Machine = THIS_MACHINE,
): Promise<FoundResetFile> => {
  const sticks = await findSticks(machine)
  if (sticks.length === 0)
    return { ok: false, code: 'no-stick', detail: 'there is no USB stick at this device' }
  const files = sticks.flatMap(({ id, files }) =>
    files.filter(({ kind }) => kind === 'pin-reset').map(({ name, at }) => ({ stick: id, name, at })),
  )
  const own = deviceId === null ? null : resetFileName(deviceId)
  const [best] = files.sort(
    (one, other) =>
      Number(other.name === own) - Number(one.name === own) || Date.parse(other.at) - Date.parse(one.at),
  )
  if (best !== undefined) return await readFromStick(machine, best.stick, best.name, RESET_FILE_BYTES_AT_MOST)
  return sticks.every(({ folder }) => folder === null)
    ? {
        ok: false,
        code: 'stick-not-mounted',
        detail: 'the stick is plugged in and not mounted on this machine',
      }
    : { ok: false, code: 'no-reset-file', detail: 'there is no file of the hall for a lost PIN on the stick' }
}

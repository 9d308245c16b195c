import { join } from 'node:path'
import { type Machine, targetOf, textOf } from './machine.ts'

/** Either mark makes ModemManager leave a port alone (ModemManager, "Common udev tags"). */
const IGNORE_MARKS = ['E:ID_MM_DEVICE_IGNORE=1', 'E:ID_MM_PORT_IGNORE=1']

/**
 * Whether udev has told ModemManager to leave the device alone. `folders` are its places in sysfs: the port's and
 * the USB device's, for the mark may sit on either. null when this machine keeps no udev database.
 */
export async function modemManagerToldToIgnore(
  machine: Machine,
  folders: readonly string[],
): Promise<boolean | null> {
  const database = join(machine.run, 'udev', 'data')
  if ((await targetOf(database)) === null) return null
  const entries = await Promise.all(
    folders.map(async (folder) => {
      const number = await textOf(join(folder, 'dev'))
      return number === null ? null : textOf(join(database, `c${number}`))
    }),
  )
  const marks = entries.flatMap((entry) => entry?.split('\n') ?? [])
  return IGNORE_MARKS.some((mark) => marks.includes(mark))
}

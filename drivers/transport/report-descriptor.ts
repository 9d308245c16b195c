import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** The kernel's HID_MAX_DESCRIPTOR_SIZE. */
const MAX_DESCRIPTOR_BYTES = 4096

/** node-hid has no call for it, but every user may read it in sysfs. Undefined where it is not shown. */
export async function readReportDescriptor(
  hidrawPath: string,
  sysfs = '/sys/class/hidraw',
): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(join(sysfs, basename(hidrawPath), 'device', 'report_descriptor'))
    return bytes.length === 0 || bytes.length > MAX_DESCRIPTOR_BYTES ? undefined : Uint8Array.from(bytes)
  } catch {
    return undefined
  }
}

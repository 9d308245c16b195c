import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readReportDescriptor } from '../../../drivers/transport/report-descriptor.ts'
import { hex } from '../support.ts'

const DESCRIPTOR = hex('058C 0902 A101 C0')

/** A sysfs that shows these bytes for hidraw3. */
function sysfs(bytes: Uint8Array): string {
  const root = mkdtempSync(join(tmpdir(), 'sysfs-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'hidraw3', 'device'), { recursive: true })
  writeFileSync(join(root, 'hidraw3', 'device', 'report_descriptor'), bytes)
  return root
}

test("a device's report descriptor is read where the kernel shows it", async () => {
  expect(await readReportDescriptor('/dev/hidraw3', sysfs(DESCRIPTOR))).toEqual(DESCRIPTOR)
})

test.each([
  ['another device', '/dev/hidraw4', DESCRIPTOR],
  ['an empty one', '/dev/hidraw3', new Uint8Array(0)],
  ['one longer than the kernel takes', '/dev/hidraw3', new Uint8Array(4097)],
])('%s has none', async (_, path, bytes) => {
  expect(await readReportDescriptor(path, sysfs(bytes))).toBeUndefined()
})

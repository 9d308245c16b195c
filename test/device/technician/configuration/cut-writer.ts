/** A process that is stopped in the middle of what it writes: its work comes as JSON in its one argument. */
import { openVersions } from '../../../../device/technician/configuration/versions.ts'
import { writeToStick } from '../../../../device/technician/stick-files.ts'
import type { Machine } from '../../../../drivers/discovery/machine.ts'

export type CutWork =
  | { kind: 'versions'; dataDir: string; config: string; next: unknown[] }
  | { kind: 'stick'; machine: Omit<Machine, 'loadHid'>; stick: string; name: string; bytes: number }

const work: CutWork = JSON.parse(process.argv[2] ?? '{}')
if (work.kind === 'versions') {
  const versions = openVersions(work.dataDir, work.config)
  for (const next of work.next) {
    const added = versions.add(next, 'imported')
    if (!added.ok) throw new Error(added.detail)
  }
} else {
  const machine = { ...work.machine, loadHid: () => Promise.reject(new Error('nobody asks for HID here')) }
  const written = await writeToStick(machine, work.stick, work.name, Buffer.alloc(work.bytes, 7))
  if (!written.ok) throw new Error(written.code)
}

/** A disk that turns read-only under a running device, as ext4 does when it meets an error. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, words } from './check.ts'
import { makeDisk, mountCopy } from './disk.ts'
import type { Findings } from './findings.ts'
import { connect, openRecords } from './records.ts'
import { setStage } from './runs.ts'
import { seeded } from './seeded.ts'
import { capture } from './writer.ts'

const BEFORE = 10
const MEANWHILE = 5

export interface ReadOnlyOutcome {
  findings: Findings
  /** Codes of the captures that were refused meanwhile. */
  refusals: string[]
  /** What a device says that is started on such a disk. */
  start: string
}

/** ext4's own trigger of an error; whoever sees to it mounts the disk again, and the device is started again. */
export async function turnReadOnly(rig: string, name: string): Promise<ReadOnlyOutcome> {
  await using parts = new AsyncDisposableStack()
  const disk = makeDisk(rig, name, ['errors=remount-ro'])
  parts.defer(() => disk.remove())
  const stage = await setStage(rig, name, join(disk.folder, 'device'))
  parts.defer(() => stage.openLedger.close())
  const hall = await stage.startHall()
  const records = openRecords(stage.device)
  parts.defer(() => closeAnyhow(records))
  const line = await connect(records, hall.url, stage.enrolmentCode)
  const random = seeded(1)
  for (let n = 1; n <= BEFORE; n += 1) await capture(records, `A${n}`, random, stage.openLedger)
  writeFileSync(join(disk.sysfs(), 'trigger_fs_error'), '1')
  for (let n = 1; n <= MEANWHILE; n += 1) await capture(records, `R${n}`, random, stage.openLedger)
  await line.close()
  await hall.close()
  closeAnyhow(records)
  const start = startOn(stage.device)
  const refusals = stage.refusals()
  disk.unmount()
  const again = mountCopy(disk.image, disk.folder)
  const findings = await check(stage)
  again.unmount()
  return { findings, refusals, start }
}

/** It may not be able to write what it wanted to remember; the next start does. */
export function closeAnyhow(records: { close(): void }): void {
  try {
    records.close()
  } catch {
    // Told at the next start.
  }
}

function startOn(folder: string): string {
  try {
    openRecords(folder).close()
    return 'it starts'
  } catch (error) {
    return words(error)
  }
}

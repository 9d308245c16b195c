/** A disk without a byte left: a real one, filled. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { RESERVE_BYTES } from '../../../sync/reserve.ts'
import { check, drained } from './check.ts'
import { fill, freeBytes, makeDisk } from './disk.ts'
import { type Findings, noFindings } from './findings.ts'
import { connect, openRecords } from './records.ts'
import { setStage } from './runs.ts'
import { seeded } from './seeded.ts'
import { capture } from './writer.ts'

/** A morning without a line. */
const BACKLOG = 300
/** Citizens who come before somebody makes room; what is left in the store's own pages takes the first of them. */
const WHILE_FULL = 60

export interface FullDiskOutcome {
  findings: Findings
  /** Codes of the captures that were refused while the disk was full. */
  refusals: string[]
  /** Events that waited when the line came back, and a moment later. */
  waiting: { before: number; after: number }
  freeBytes: number
}

/**
 * The disk fills up while the line is down; then the line is back, and the device is started again on the full disk
 * or not. In the end somebody makes room.
 */
export async function fillUp(
  rig: string,
  name: string,
  options: { restart: boolean },
): Promise<FullDiskOutcome> {
  await using parts = new AsyncDisposableStack()
  const disk = makeDisk(rig, name)
  parts.defer(() => disk.remove())
  const stage = await setStage(rig, name, join(disk.folder, 'device'))
  parts.defer(() => stage.openLedger.close())
  const opening = await stage.startHall()
  let records = openRecords(stage.device, RESERVE_BYTES)
  parts.defer(() => records.close())
  const first = await connect(records, opening.url, stage.enrolmentCode)
  await first.close()
  await opening.close()

  const random = seeded(1)
  for (let n = 1; n <= BACKLOG; n += 1) await capture(records, `B${n}`, random, stage.openLedger)
  const ballast = fill(disk.folder)
  const free = freeBytes(disk.folder)
  for (let n = 1; n <= WHILE_FULL; n += 1) await capture(records, `Z${n}`, random, stage.openLedger)
  if (options.restart) {
    records.close()
    records = openRecords(stage.device, RESERVE_BYTES)
  }
  const before = records.outbox.backlog().count
  const findings = noFindings()
  const hall = await stage.startHall()
  const line = await connect(records, hall.url, stage.enrolmentCode)
  await drained(findings, records)
  const after = records.outbox.backlog().count
  await line.close()
  await hall.close()
  records.close()
  const refusals = stage.refusals()
  rmSync(ballast)
  const judged = await check(stage)
  judged.other.push(...findings.other)
  return { findings: judged, refusals, waiting: { before, after }, freeBytes: free }
}

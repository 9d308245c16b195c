/**
 * A disk whose blocks run out behind the file system's back for a while: real failures of real syncs. What the file
 * system has accepted cannot be written, the sync fails, Linux marks the pages clean all the same, and the next sync
 * says yes (https://lwn.net/Articles/752063/). Then the power goes.
 */
import { join } from 'node:path'
import { storageProblem } from '../../../sync/sqlite-faults.ts'
import { check } from './check.ts'
import { mountCopy } from './disk.ts'
import type { Findings } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { connect, openRecords, type Records, recover } from './records.ts'
import { setStage } from './runs.ts'
import type { Seeded } from './seeded.ts'
import { makeThinDisk } from './thin-disk.ts'
import { capture, codeOf } from './writer.ts'

/** Far more than the blocks of a whole store have room for. */
const MOST_CAPTURES = 2_000

export interface FailingDiskOutcome {
  findings: Findings
  /** What the product told, by code. */
  codes: string[]
}

export async function failForAWhile(rig: string, name: string, random: Seeded): Promise<FailingDiskOutcome> {
  await using parts = new AsyncDisposableStack()
  const thin = makeThinDisk(rig, name)
  parts.defer(() => thin.remove())
  const { disk } = thin
  const stage = await setStage(rig, name, join(disk.folder, 'device'))
  parts.defer(() => stage.openLedger.close())
  const hall = await stage.startHall()
  const device = await RestartingDevice.join(stage.device, hall.url, stage.enrolmentCode)
  parts.defer(() => device.close())
  await hall.close()

  let number = 0
  const some = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      number += 1
      await device.capture(`T${number}`, random, stage.openLedger)
    }
  }
  await some(random.between(1, 60))
  thin.takeBlocks()
  await some(random.between(5, 60))
  // For what finds room in blocks that are there no sync fails: how much that is, the file system decides each time.
  while (device.codes.length === 0 && number < MOST_CAPTURES) await some(1)
  thin.giveBlocks()
  await some(random.between(1, 40))

  const copy = join(rig, `${name}-copy.img`)
  disk.copyTo(copy)
  const found = mountCopy(copy, join(rig, `${name}-found`))
  parts.defer(() => found.remove())
  const findings = await check({ ...stage, device: join(found.folder, 'device') })
  return { findings, codes: device.codes }
}

/** As the device does it: after a failed sync, or damage, its store is closed and opened anew before all else. */
class RestartingDevice {
  readonly codes: string[] = []
  readonly #folder: string
  #records: Records | null

  constructor(folder: string, records: Records) {
    this.#folder = folder
    this.#records = records
  }

  static async join(folder: string, hallUrl: string, enrolmentCode: string): Promise<RestartingDevice> {
    const records = openRecords(folder)
    const device = new RestartingDevice(folder, records)
    try {
      const line = await connect(records, hallUrl, enrolmentCode)
      await line.close()
    } catch (error) {
      // What it has open would keep the disk from being taken away.
      device.close()
      throw error
    }
    return device
  }

  async capture(caseNo: string, random: Seeded, ledger: Ledger): Promise<void> {
    this.#records ??= this.#open()
    if (this.#records === null) return
    const refused = await capture(this.#records, caseNo, random, ledger)
    const errors = [...(refused === null ? [] : [refused]), ...this.#records.troubles.splice(0)]
    this.codes.push(...errors.map(codeOf))
    const problems = errors.map(storageProblem)
    if (problems.includes('sync-failed') || problems.includes('damaged')) this.close()
  }

  close(): void {
    try {
      this.#records?.close()
    } catch (error) {
      this.codes.push(codeOf(error))
    }
    this.#records = null
  }

  #open(): Records | null {
    try {
      const records = openRecords(this.#folder)
      recover(records)
      return records
    } catch (error) {
      this.codes.push(codeOf(error))
      return null
    }
  }
}

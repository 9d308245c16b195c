/** A device and its hall for one run in this process: folders, a ledger, and a hall that comes and goes. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import type { Cut } from './check.ts'
import { type Ledger, openLedger, readLedger } from './ledger.ts'

export interface Stage extends Cut {
  openLedger: Ledger
  hallUrl: string
  /** On the address it had; the one before has to be closed. */
  startHall(): Promise<Hall>
  /** Codes of what was refused so far. */
  refusals(): string[]
}

/** @param device where the device is to live; its hall lives in memory, and has gone again when this resolves */
export async function setStage(rig: string, name: string, device: string): Promise<Stage> {
  const hallFolder = join(rig, `${name}-hall`)
  mkdirSync(device, { recursive: true })
  mkdirSync(hallFolder)
  const ledger = join(rig, `${name}-ledger`)
  writeFileSync(ledger, '')
  const hallAt = (listen: string): Promise<Hall> => startHall({ dataDir: hallFolder, listen, demo: false })
  const first = await hallAt('127.0.0.1:0')
  const { url } = first
  const enrolmentCode = first.createEnrolmentCode()
  // Closing waits for what is on its way to the store.
  await first.counts()
  await first.close()
  return {
    device,
    hall: hallFolder,
    enrolmentCode,
    ledger,
    openLedger: openLedger(ledger),
    hallUrl: url,
    startHall: () => hallAt(new URL(url).host),
    refusals: () => readLedger(ledger).flatMap((entry) => (entry.kind === 'refused' ? [entry.code] : [])),
  }
}

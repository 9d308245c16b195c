/** Who else has the store open: another device, or somebody who reads it for long. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { check } from './check.ts'
import { inWords } from './findings.ts'
import { startWriter } from './processes.ts'
import { connect, openRecords } from './records.ts'
import { openRig } from './rig.ts'
import { setStage } from './runs.ts'
import { seeded } from './seeded.ts'
import { capture } from './writer.ts'

/** More than the WAL between two checkpoints, several times over. */
const RATINGS = 150
const MIB = 1024 * 1024
/** Some seconds, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 180_000

it('a second device on one store does not start, says why, and harms nothing', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using rig = openRig({ judges: 0 })
  const stage = await setStage(rig.rig, 'two', join(rig.rig, 'device'))
  const hall = await stage.startHall()
  const records = openRecords(stage.device)
  const line = await connect(records, hall.url, stage.enrolmentCode)
  await capture(records, 'FIRST1', seeded(3), stage.openLedger)
  const second = startWriter({
    folder: stage.device,
    ledger: stage.ledger,
    hallUrl: hall.url,
    enrolmentCode: stage.enrolmentCode,
    seed: 1,
    ratings: 3,
    caseBegin: 'SECOND',
  })
  await second.untilEnd()
  expect(second.exitCode).toBe(1)
  expect(second.words()).toContain('in use')
  await capture(records, 'FIRST2', seeded(3), stage.openLedger)
  await line.close()
  await hall.close()
  records.close()
  expect(inWords(await check(stage))).toEqual([])
})

it('a long reader holds nothing up, and the WAL is small again once it has gone', {
  timeout: TIMEOUT_MS,
}, async () => {
  await using rig = openRig({ judges: 0 })
  const stage = await setStage(rig.rig, 'reader', join(rig.rig, 'device'))
  const hall = await stage.startHall()
  const records = openRecords(stage.device)
  const line = await connect(records, hall.url, stage.enrolmentCode)
  const random = seeded(5)
  await capture(records, 'BEFORE1', random, stage.openLedger)
  const reader = new Database(join(stage.device, 'store.sqlite'), { readonly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM outbox_events').get()
  for (let n = 1; n <= RATINGS; n += 1) await capture(records, `HELD${n}`, random, stage.openLedger)
  const held = statSync(join(stage.device, 'store.sqlite-wal')).size
  reader.close()
  for (let n = 1; n <= RATINGS; n += 1) await capture(records, `FREE${n}`, random, stage.openLedger)
  // A checkpoint that could not be made is made again a few seconds later; upkeep steps are what it consists of.
  while (records.outbox.tidy()) await new Promise((resolve) => setImmediate(resolve))
  await capture(records, 'AFTER1', random, stage.openLedger)
  expect(stage.refusals()).toEqual([])
  const after = statSync(join(stage.device, 'store.sqlite-wal')).size
  expect({ held, after: after <= 5 * MIB }).toMatchObject({ after: true })
  await line.close()
  await hall.close()
  records.close()
  expect(inWords(await check(stage))).toEqual([])
})

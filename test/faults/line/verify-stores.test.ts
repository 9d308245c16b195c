import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startHall } from '../../../sync/hall/hall.ts'
import { openDatabase } from '../../../sync/sqlite.ts'
import { postgresOfThisFile } from '../../sync/hall/support/postgres-of-file.ts'
import { enrol, newFolder, openFaultDevice, TEST_TIMEOUT_MS, until } from './pair.ts'
import { statusReport } from './status.ts'

const COMMAND = join(import.meta.dirname, '..', '..', '..', 'scripts', 'window24.js')
const EVENTS = 9

const postgres = postgresOfThisFile()

interface Kept {
  dataDir: string
  database: string | null
  deviceId: string
  /** What somebody does who has the database in hand. */
  tamper(sql: string): Promise<void>
}

/** A hall that has taken nine facts and a status from a real device, and is closed again. */
async function keptHall(database: string | null): Promise<Kept> {
  const [dataDir, deviceDir] = [newFolder('verify-hall'), newFolder('verify-device')]
  const hall = await startHall({ dataDir, listen: '127.0.0.1:0', demo: false, database })
  const device = openFaultDevice(deviceDir, hall.url)
  onTestFinished(() => {
    for (const dir of [dataDir, deviceDir]) rmSync(dir, { recursive: true, force: true })
  })
  await enrol(device, hall)
  device.capture(EVENTS)
  device.startUplink()
  await until(() => device.outbox.backlog().count === 0)
  await device.client.reportStatus(statusReport(device))
  const deviceId = String(device.identity.deviceId)
  await device.close()
  await hall.close()
  return {
    dataDir,
    database,
    deviceId,
    async tamper(sql) {
      if (database !== null) return void (await postgres().ask(sql, database))
      const db = openDatabase(join(dataDir, 'hall.sqlite'))
      db.exec(sql)
      db.close()
    },
  }
}

function verify({ dataDir, database }: Kept): { status: number | null; words: string } {
  const words = [
    COMMAND,
    'hall',
    'verify',
    '--data',
    dataDir,
    ...(database === null ? [] : ['--database', database]),
  ]
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  return { status, words: stdout + stderr }
}

for (const [name, newDatabase] of [
  ['a folder', async () => null],
  ['PostgreSQL', () => postgres().newDatabase()],
] as const)
  describe(`\`hall verify\` over ${name}`, () => {
    test(
      'finds nothing in a whole chain, then a planted alteration, gap and fork, each at its place',
      async () => {
        const kept = await keptHall(await newDatabase())
        expect(verify(kept)).toMatchObject({ status: 0, words: expect.stringContaining(kept.deviceId) })

        await kept.tamper(
          `UPDATE events SET text = replace(text, '"level":5', '"level":1') WHERE sequence = 3`,
        )
        await kept.tamper('DELETE FROM events WHERE sequence IN (5, 6)')
        await kept.tamper(`UPDATE heads SET told_hash = '${'C'.repeat(43)}'`)
        const { status, words } = verify(kept)
        expect(words).toMatch(/altered: epoch 1 at 3\b/)
        expect(words).toMatch(/missing: epoch 1 .*5.*6/)
        expect(words).toMatch(/fork: epoch 1 at 9\b/)
        expect([status, words.split('\n  ')]).toEqual([1, expect.objectContaining({ length: 4 })])
      },
      TEST_TIMEOUT_MS,
    )
  })

/** What a stop of the program left open, where it could not be ended at once. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import type { Device } from '../../../device/device.ts'
import { STORE_FILE } from '../../../device/store/store.ts'
import { letThanksBeBrief } from '../support/brief-thanks.ts'
import { startTestDevice, startTestHall, temporaryFolder, windowRequest } from '../support/house.ts'
import { bodyOf, openPad } from '../support/screen.ts'

const SOON = { timeout: 10_000, interval: 10 }

it('an answer that the store did not take at the start is a rating once the next question has gone', async () => {
  const parts = new AsyncDisposableStack()
  onTestFinished(() => parts.disposeAsync())
  parts.defer(letThanksBeBrief())
  const hall = await startTestHall(parts)
  const dataDir = await temporaryFolder(parts)
  const enrolmentCode = hall.createEnrolmentCode()
  const start = () => startTestDevice({ role: 'pad', hallUrl: hall.url, enrolmentCode, dataDir })
  const ask = async (device: Device, caseNo: string): Promise<string> => {
    const about = { caseNo, itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
    return String((await bodyOf(await windowRequest(device, 'POST', '/evaluations', about))).id)
  }

  const before = await start()
  const first = await openPad(before.screenUrl)
  await first.until(({ view, line }) => view.name === 'rest' && line.online)
  const evaluationId = await ask(before, 'CASE1')
  await first.act({ type: 'choose-level', evaluationId, level: 'dissatisfied' })
  first.close()
  await before.close()

  const inStore = (sql: string): void => {
    const db = new Database(join(dataDir, STORE_FILE))
    db.exec(sql)
    db.close()
  }
  inStore("CREATE TRIGGER full BEFORE UPDATE ON question BEGIN SELECT RAISE(ABORT, 'full'); END")
  const after = await start()
  parts.defer(() => after.close())
  const screen = await openPad(after.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, line }) => view.name === 'rest' && line.online)
  inStore('DROP TRIGGER full')
  expect((await hall.counts()).rating).toBe(0)

  const next = await ask(after, 'CASE2')
  await screen.untilView('asking')
  await screen.act({ type: 'not-now', evaluationId: next })
  await expect.poll(async () => (await hall.counts()).rating, SOON).toBe(1)
})

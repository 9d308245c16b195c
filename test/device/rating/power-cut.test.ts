/** Promise 1: a tap outlives the process that took it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startDeviceProcess } from '../support/device-process.ts'
import { deviceJson, startTestHall, temporaryFolder, windowRequest } from '../support/house.ts'
import { bodyOf, openPad } from '../support/screen.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

it('a kill -9 between the tap and 完成 loses nothing: the rating is at the hall after the restart', async () => {
  const hall = await startTestHall(parts)
  const folder = await temporaryFolder(parts)
  const config = join(folder, 'device.json')
  await writeFile(
    config,
    JSON.stringify(deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })),
  )
  const dataDir = join(folder, 'data')

  const first = await startDeviceProcess(config, dataDir)
  parts.defer(() => first.kill())
  const screen = await openPad(first.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, line }) => view.name === 'rest' && line.online)
  const asked = await windowRequest(first, 'POST', '/evaluations', {
    caseNo: 'YX2026110007K3',
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
  })
  const evaluationId = String((await bodyOf(asked)).id)
  await screen.untilView('asking')
  const tapped = await screen.act({ type: 'choose-level', evaluationId, level: 'very-dissatisfied' })
  expect((await bodyOf(tapped)).view).toMatchObject({ name: 'labels' })
  await first.kill()
  expect((await hall.counts()).rating).toBe(0)

  const second = await startDeviceProcess(config, dataDir)
  parts.defer(() => second.kill())
  const again = await openPad(second.screenUrl)
  parts.defer(() => again.close())
  await again.until(({ view, line }) => view.name === 'rest' && line.online && line.backlog === 0)
  expect((await hall.counts()).rating).toBe(1)
  const state = await windowRequest(second, 'GET', `/evaluations/${evaluationId}`)
  expect(await bodyOf(state)).toEqual({ id: evaluationId, state: 'rated' })
})

/** A wish, such as another language or larger type, stays as long as the citizen who has it, and no longer. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Device } from '../../device/device.ts'
import type { PadState } from '../../device/http/contract.ts'
import { startTestDevice, startTestHall, temporaryFolder, windowRequest } from './support/house.ts'
import { bodyOf, openPad, type TestScreen } from './support/screen.ts'

const parts = new AsyncDisposableStack()
let device: Device
let screen: TestScreen<PadState>

beforeAll(async () => {
  const hall = await startTestHall(parts)
  device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
})
afterAll(() => parts.disposeAsync())
beforeEach(async () => {
  await screen.until(({ view }) => view.name === 'rest')
})

const ask = async (caseNo: string, more: object = {}): Promise<string> => {
  const itemCode = '11330099MB0A00010R3000101010000'
  const body = { caseNo, itemCode, itemName: '普通护照申领', ...more }
  return String((await bodyOf(await windowRequest(device, 'POST', '/evaluations', body))).id)
}
const cancel = (id: string) => windowRequest(device, 'DELETE', `/evaluations/${id}`)
const wish = () => screen.act({ type: 'prefer', preferences: { language: 'en', largeType: true } })
/** As the page would see it if it asked now; the stream may be a moment behind. */
const wishes = async (): Promise<unknown> => {
  const response = await fetch(new URL('/api/state', device.screenUrl))
  const { language, largeType } = (await bodyOf(response)).preferences as PadState['preferences']
  return { language, largeType }
}

const WISHED = { language: 'en', largeType: true }
const DEFAULT = { language: 'zh', largeType: false }

it('what the clerk does with a waiting question leaves the citizen who answers the language and the type', async () => {
  const first = await ask('CASE1')
  await wish()
  await screen.act({ type: 'choose-level', evaluationId: first, level: 'satisfied' })
  const second = await ask('CASE2', { replace: true })
  expect(await wishes()).toEqual(WISHED)
  const third = await ask('CASE3', { replace: true })
  expect(await wishes()).toEqual(WISHED)
  await cancel(second)
  await cancel(third)
  expect(await wishes()).toEqual(WISHED)
  await screen.act({ type: 'finish', evaluationId: first, labels: [], comment: null })
  expect(await wishes()).toEqual(WISHED)
  await screen.untilView('rest')
  expect(await wishes()).toEqual(DEFAULT)
})

it('an untouched question that is cancelled or replaced takes the wishes before it along', async () => {
  await wish()
  const first = await ask('CASE4')
  expect(await wishes()).toEqual(WISHED)
  await cancel(first)
  expect(await wishes()).toEqual(DEFAULT)
  await wish()
  await ask('CASE5')
  const last = await ask('CASE6', { replace: true })
  expect(await wishes()).toEqual(DEFAULT)
  await cancel(last)
})

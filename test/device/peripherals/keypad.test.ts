import { expect, it } from 'vitest'
import { parseConfiguration } from '../../../device/configuration.ts'
import { type PeripheralEvent, startPeripherals } from '../../../device/peripherals/peripherals.ts'
import { startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { eventData } from '../../../sync/protocol/event-data.ts'
import { closing, until } from '../../drivers/support.ts'
import {
  deviceJson,
  startTestDevice,
  startTestHall,
  temporaryFolder,
  windowRequest,
} from '../support/house.ts'
import { bodyOf, openPad } from '../support/screen.ts'

it('a keypad’s status is seen by the house, and what lasts is a fact that the chain takes', async () => {
  const unit = closing(await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const events: PeripheralEvent[] = []
  const peripherals = closing(
    startPeripherals({
      takesCards: false,
      configuration: { keypad: { driver: 'ff68', port: unit.port } },
      listener: (event) => events.push(event),
      lastingMs: 20,
    }),
  )
  expect(peripherals.views().keypad?.state).toBe('connecting')
  const facts = () => events.flatMap((event) => (event.kind === 'fact' ? [event.fact] : []))
  await until('its readiness has lasted', () => peripherals.isReady('keypad') && facts().length === 1)
  await unit.unplug()
  await until('its fault has lasted', () => facts().at(-1)?.reason === 'cannot-open')
  expect(facts()[0]).toMatchObject({ peripheral: 'keypad', state: 'ready', reason: null })
  expect(facts().at(-1)).toMatchObject({ peripheral: 'keypad', state: 'fault', warnings: [] })
  for (const fact of facts()) expect(eventData.peripheral.parse(fact)).toEqual(fact)
  expect(peripherals.views().keypad).toMatchObject({ state: 'fault', reason: 'cannot-open' })
})

it('a press at a window’s keypad is a rating at the hall, and the screen goes on as after a touch', async () => {
  await using parts = new AsyncDisposableStack()
  const hall = await startTestHall(parts)
  const unit = closing(await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0', profile: 'example-table' }))
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
    peripherals: { keypad: { driver: 'table', port: unit.port, profile: 'example-table' } },
  })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ line, peripherals }) => line.online && peripherals.keypad?.state === 'ready')

  const asked = await windowRequest(device, 'POST', '/evaluations', {
    caseNo: 'YX2026110007K3',
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
  })
  const evaluationId = String((await bodyOf(asked)).id)
  await until('the unit asks', () => unit.asking())
  unit.press(0)
  await screen.untilView('labels')
  await screen.act({ type: 'finish', evaluationId, labels: ['517'], comment: null })
  await screen.untilView('thanks')
  await screen.until(({ line }) => line.backlog === 0)
  expect((await hall.counts()).rating).toBe(1)
  expect([unit.acknowledgements(), unit.errors]).toEqual([1, []])
})

it('a pad that is a keypad alone asks, takes one press, thanks and is ready for the next', async () => {
  await using parts = new AsyncDisposableStack()
  const hall = await startTestHall(parts)
  const unit = closing(await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const given = {
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: { keypad: { driver: 'ff68', port: unit.port } },
  } as const
  const parsed = parseConfiguration({ ...deviceJson(given), screen: null })
  if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
  const dataDir = await temporaryFolder(parts)
  const device = await startTestDevice({ ...given, dataDir, more: { configuration: parsed.configuration } })
  parts.defer(() => device.close())
  const pages = await openPad(device.screenUrl)
  parts.defer(() => pages.close())
  await pages.until(({ line, peripherals }) => line.online && peripherals.keypad?.state === 'ready')

  const ask = async (caseNo: string): Promise<string> => {
    const body = { caseNo, itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
    const { id } = await bodyOf(await windowRequest(device, 'POST', '/evaluations', body))
    await until('the unit asks', () => unit.asking())
    return String(id)
  }
  const id = await ask('CASE1')
  unit.press(4)
  await pages.untilView('thanks')
  await pages.untilView('rest')
  expect(await bodyOf(await windowRequest(device, 'GET', `/evaluations/${id}`))).toEqual({
    id,
    state: 'rated',
  })
  await ask('CASE2')
  await pages.until(({ line }) => line.backlog === 0)
  expect((await hall.counts()).rating).toBe(1)
  expect([unit.starts(), unit.acknowledgements(), unit.errors]).toEqual([2, 1, []])
})

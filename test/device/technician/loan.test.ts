import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CardEvent } from '../../../drivers/id-reader/driver.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { demoCard, startTestDevice, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

it('a card that a technician tries the reader with is nobody’s session, and one in a session is not lent', async () => {
  const hall = await startTestHall(parts)
  const reader = await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => reader.close())
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: { idReader: { driver: 'sdt', port: reader.port } },
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ view, peripherals }) => view.name === 'rest' && peripherals.idReader?.state === 'ready',
  )

  const { peripherals } = device.insight
  let waiting = Promise.withResolvers<CardEvent['kind']>()
  peripherals.idReader?.onCard(({ kind }) => waiting.resolve(kind))
  const giveBack = peripherals.borrow()
  reader.placeCard(await demoCard('zhang'))
  expect(await waiting.promise).toBe('placed')
  expect(device.isBusy()).toBe(false)
  waiting = Promise.withResolvers()
  reader.liftCard()
  expect(await waiting.promise).toBe('lifted')
  giveBack?.()

  reader.placeCard(await demoCard('zhang'))
  await screen.until(({ view }) => view.name !== 'rest')
  expect(device.isBusy()).toBe(true)
  expect(peripherals.borrow()).toBeNull()
})

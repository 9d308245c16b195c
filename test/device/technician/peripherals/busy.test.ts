import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { PeripheralsAction } from '../../../../device/http/contract.ts'
import { startIdReaderSimulator } from '../../../../drivers/simulators/id-reader.ts'
import { demoCard, deviceJson, startTestHall, temporaryFolder } from '../../support/house.ts'
import { openTerminal } from '../../support/screen.ts'
import { comeIn, runDevice } from '../support/running.ts'

/** Nobody goes by themselves meanwhile, and who ends it need not be waited for. */
const QUICK = { idle: 60_000, warning: 30_000, ending: 100 }

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

it('a reader that somebody is served with is tested when they have gone, and not before', async () => {
  const hall = await startTestHall(parts)
  const reader = await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => reader.close())
  const folder = await temporaryFolder(parts)
  const json = deviceJson({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    peripherals: { idReader: { driver: 'sdt', port: reader.port } },
  })
  await writeFile(join(folder, 'device.json'), JSON.stringify(json))
  const running = await runDevice(parts, { folder, sessionTimings: QUICK })
  await comeIn(running)
  const screen = await openTerminal(running.origin)
  parts.defer(() => screen.close())
  await screen.until(
    ({ view, peripherals }) => view.name === 'rest' && peripherals.idReader?.state === 'ready',
  )
  const test = {
    room: 'peripherals',
    action: { type: 'test', name: 'idReader' } as PeripheralsAction,
  } as const

  reader.placeCard(await demoCard('zhang'))
  await screen.until(({ view }) => view.name !== 'rest')
  expect(await running.refused(test)).toBe('busy')
  const { rooms, refused } = await running.state()
  expect(rooms?.peripherals?.test).toBeNull()
  expect(refused?.code).toBe('busy')

  reader.liftCard()
  await screen.act({ type: 'end' })
  await screen.until(({ view }) => view.name === 'rest')
  expect((await running.done(test)).rooms?.peripherals?.test?.state).toBe('running')
  await running.done({ room: 'peripherals', action: { type: 'stop-test' } })
})

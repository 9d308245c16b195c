/** A whole pad beside its hall: asked through the hall and at the window, answered on the page. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Device } from '../../device/device.ts'
import { loadSealingKeys } from '../../sync/hall/sealing-keys.ts'
import { openHallStore } from '../../sync/hall/store/open.ts'
import { Envelope } from '../../sync/protocol/events.ts'
import { unseal } from '../../sync/protocol/sealing.ts'
import { newFolder, startTestHall, type TestHall } from '../sync/hall/helpers.ts'
import { newToken, SERVICE, systemAt } from '../sync/hall/support/evaluations.ts'
import { type HeldThanks, holdThanks } from './support/brief-thanks.ts'
import { startTestDevice, windowRequest } from './support/house.ts'
import { openPad } from './support/screen.ts'

const PERSON = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }

let hall: TestHall
let device: Device
let thanks: HeldThanks
beforeEach(async () => {
  thanks = holdThanks()
  hall = await startTestHall({ demo: true, takenWithinMs: 60_000 })
  device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.hall.url,
    enrolmentCode: hall.hall.createEnrolmentCode(),
    dataDir: newFolder(),
  })
})
afterEach(async () => {
  thanks.letGo()
  await device.close()
  await hall.close()
})

test('a rating asked for through the hall is the citizen’s own, names whom it was asked of, and tells the asker nothing but that', async () => {
  const system = systemAt(hall, await newToken(hall.dataDir))
  const screen = await openPad(device.screenUrl)
  await screen.untilView('rest')
  const asked = await system.ask({ ...SERVICE, staffId: 'S012', user: PERSON })
  expect(asked.status).toBe(201)
  const id = String(asked.json.id)
  const { view } = await screen.untilView('asking')
  expect(view.evaluationId).toBe(id)

  const atWindow = await windowRequest(device, 'GET', `/evaluations/${id}`)
  expect(await atWindow.json()).toEqual({ id, state: 'waiting' })
  const { window: _, ...service } = SERVICE
  const other = { ...service, caseNo: 'YX2026110008K4' }
  expect((await windowRequest(device, 'POST', '/evaluations', other)).status).toBe(409)

  await screen.act({ type: 'choose-level', evaluationId: id, level: 'dissatisfied' })
  await screen.act({ type: 'finish', evaluationId: id, labels: ['214'], comment: null })
  await screen.untilView('thanks')
  expect((await system.get(id)).json.state).toBe('waiting')
  thanks.pass()
  for (let state: unknown = null; state !== 'rated'; ) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    state = (await system.get(id)).json.state
  }

  const rating = await storedRating()
  expect(rating).toMatchObject({ level: 2, labels: ['214'], staff: { staffId: 'S012', window: '12' } })
  const keys = loadSealingKeys(join(hall.dataDir, 'sealing-keys.json'), false, new Date())
  const opened = await unseal(String(rating.user), keys.all, { purpose: 'rating', device: await deviceId() })
  expect(opened.ok && opened.unsealed.reveal().user).toEqual(PERSON)
  screen.close()
})

const stored = async <T>(
  read: (store: Awaited<ReturnType<typeof openHallStore>>) => Promise<T>,
): Promise<T> => {
  const store = await openHallStore({ dataDir: hall.dataDir, database: null })
  try {
    return await read(store)
  } finally {
    await store.close()
  }
}

const deviceId = () => stored(async (store) => (await store.devices())[0]?.deviceId ?? '')

/** As soon as the batch that brings it is in. */
async function storedRating(): Promise<Record<string, unknown>> {
  const id = await deviceId()
  for (;;) {
    const events = await stored(async (store) => await Array.fromAsync(store.eventsOf(id)))
    const rating = events.find(({ type }) => type === 'cn.window24.rating.v1')
    if (rating !== undefined) return Envelope.parse(JSON.parse(rating.text)).data
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

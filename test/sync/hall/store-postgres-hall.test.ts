/** Two hall servers on one PostgreSQL: a device may be answered by either, and cannot tell which it was. */
import { expect, onTestFinished, test } from 'vitest'
import { openHallStore } from '../../../sync/hall/store/open.ts'
import { newToken, tokenHash } from '../../../sync/hall/tokens.ts'
import { padAnswerPath } from '../../../sync/protocol/evaluations.ts'
import { enrolledDevice, startTestHall, TestChain, TestDevice, texts } from './helpers.ts'
import { padLine, SERVICE, systemAt } from './support/evaluations.ts'
import { postgresOfThisFile } from './support/postgres-of-file.ts'

const server = postgresOfThisFile()

test('a device enrols at one server and is known, answered and counted at the other', async () => {
  const database = await server().newDatabase()
  const one = await startTestHall({ database })
  // Sealing keys are shared between instances, here by one folder.
  const other = await startTestHall({ database, dataDir: one.dataDir })
  onTestFinished(async () => {
    await other.close()
    await one.close()
  })
  const device = await enrolledDevice(one)
  const sent = texts(new TestChain(device.deviceId).ratings(3))
  expect((await device.sendBatch(sent)).json).toMatchObject({ stored: 3, duplicate: 0 })

  const moved = Object.assign(new TestDevice(other), { keys: device.keys, deviceId: device.deviceId })
  expect((await moved.sendBatch(sent)).json).toMatchObject({ stored: 0, duplicate: 3 })
  expect(await other.hall.counts()).toEqual({ rating: 3, events: 3 })
  expect(await one.hall.counts()).toEqual({ rating: 3, events: 3 })
})

test('a question asked at one server is at the pad of another, and its answer where it was asked', async () => {
  const database = await server().newDatabase()
  const takenWithinMs = 60_000
  const asked = await startTestHall({ database, takenWithinMs })
  const lined = await startTestHall({ database, dataDir: asked.dataDir, takenWithinMs })
  onTestFinished(async () => {
    await lined.close()
    await asked.close()
  })
  const token = newToken()
  const store = await openHallStore({ dataDir: asked.dataDir, database })
  await store.tokens.add('case system', tokenHash(token), new Date())
  await store.close()
  const pad = await enrolledDevice(lined)
  const line = await padLine(lined, pad)
  const [here, there] = [systemAt(asked, token), systemAt(lined, token)]
  // Its answer may come in at a third server, or at the one that was asked: here it is that one.
  const answering = Object.assign(new TestDevice(asked), { keys: pad.keys, deviceId: pad.deviceId })
  const question = here.ask(SERVICE)
  const { id } = await line.next()
  const same = there.ask(SERVICE)
  await answering.ask({ method: 'PUT', path: padAnswerPath(pad.deviceId, id), body: { state: 'waiting' } })
  expect([(await question).status, (await question).json.id]).toEqual([201, id])
  expect([(await same).status, (await same).json.id]).toEqual([200, id])
  expect((await here.cancel(id)).status).toBe(204)
  expect(await line.next()).toEqual({ event: 'evaluation-cancelled', id })
  await line.answer(id, 'cancelled')
  expect((await here.get(id)).json).toEqual({ id, state: 'cancelled' })
})

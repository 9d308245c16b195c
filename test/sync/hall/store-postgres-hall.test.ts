/** Two hall servers on one PostgreSQL: a device may be answered by either, and cannot tell which it was. */
import { expect, onTestFinished, test } from 'vitest'
import { enrolledDevice, startTestHall, TestChain, TestDevice, texts } from './helpers.ts'
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

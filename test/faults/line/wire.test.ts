import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startHall } from '../../../sync/hall/hall.ts'
import { enrol, newFolder, openFaultDevice, storedIn, TEST_TIMEOUT_MS, until, verified } from './pair.ts'
import { startWire } from './wire.ts'

/** Some 300 frames pass; each of the faults is waited for, however the dice fall. */
const BAD = { loss: 20, twice: 100, delayMs: 1, jitterMs: 6 }
/** An uplink gives a small batch 4 s on a line that swallows everything. */
const GIVEN_UP_MS = 60_000

test(
  'over a wire that loses, doubles, reorders, delays and goes silent, every fact arrives once and in order',
  async () => {
    const hallDir = newFolder('wire-hall')
    const deviceDir = newFolder('wire-device')
    const hall = await startHall({ dataDir: hallDir, listen: '127.0.0.1:0', demo: false })
    const wire = await startWire(hall.url)
    const device = openFaultDevice(deviceDir, wire.url)
    onTestFinished(async () => {
      await device.close()
      await wire.close()
      await hall.close()
      for (const dir of [hallDir, deviceDir]) rmSync(dir, { recursive: true, force: true })
    })
    const drained = (): boolean => device.outbox.backlog().count === 0

    await wire.set({ loss: 0, twice: 0, delayMs: 0, jitterMs: 0 })
    await enrol(device, hall)
    await wire.set(BAD)
    const uplink = device.startUplink()
    device.capture(700)
    await until(drained)
    for (let facts = 0, met = false; facts < 10 || !met; facts += 1) {
      device.capture(1)
      await until(drained)
      const { lost, doubled, reordered } = await wire.set(BAD)
      met = lost > 0 && doubled > 0 && reordered > 0
    }

    await wire.cut()
    device.capture(3)
    await until(() => uplink.status().reason === 'no-line', GIVEN_UP_MS)
    expect(device.outbox.backlog().count).toBe(3)
    await wire.set({ loss: 0, twice: 0, delayMs: 0, jitterMs: 0 })
    await until(drained)

    const deviceId = String(device.identity.deviceId)
    expect(await storedIn(hallDir, deviceId)).toEqual(device.captured)
    expect(await verified(hallDir, deviceId)).toMatchObject({ faults: [] })
  },
  TEST_TIMEOUT_MS,
)

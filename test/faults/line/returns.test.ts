import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { BATCH_MEDIA_TYPE, BATCH_PATH, encodeBatch } from '../../../sync/protocol/batch.ts'
import { signRequest } from '../../../sync/protocol/signature.ts'
import { textsOf } from '../../sync/support/batch-texts.ts'
import {
  newFolder,
  type Pair,
  placeOf,
  startPair,
  storedIn,
  TEST_TIMEOUT_MS,
  until,
  verified,
} from './pair.ts'
import { statusReport } from './status.ts'

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS })

const DAY_MS = 24 * 60 * 60 * 1000

/** Both clocks, moved together: time that goes by. */
async function pair(): Promise<Pair & { later(ms: number): void }> {
  let offsetMs = 0
  const clock = () => new Date(Date.now() + offsetMs)
  const made = await startPair({ deviceClock: clock, hallClock: clock })
  onTestFinished(() => made.close())
  return Object.defineProperty(made, 'later', {
    value: (ms: number) => {
      offsetMs += ms
    },
  }) as Pair & { later(ms: number): void }
}

const deviceOf = ({ device }: Pair): string => String(device.identity.deviceId)
const ranges = (report: { faults: { kind: string; first: number | null; last: number | null }[] }) =>
  report.faults.map(({ kind, first, last }) => `${kind} ${first}–${last}`)

/** The hall's folder as it is now, and how to have it again. */
async function backup(made: Pair): Promise<(dir: string) => void> {
  const kept = newFolder('line-backup')
  onTestFinished(() => rmSync(kept, { recursive: true, force: true }))
  await made.restartHall((dir) => cpSync(dir, kept, { recursive: true }))
  return (dir) => {
    rmSync(dir, { recursive: true })
    cpSync(kept, dir, { recursive: true })
  }
}

describe('a batch whose answer was lost and that comes again 60 days later', () => {
  test('is a duplicate and success; nothing is stored twice', async () => {
    const made = await pair()
    made.device.capture(60)
    made.line.always({ kind: 'lose-answer' })
    const uplink = made.device.startUplink()
    await until(() => made.line.seen.some(({ hallStatus }) => hallStatus === 200))
    await until(() => uplink.status().reason === 'no-line')
    await made.restartDevice()
    made.line.always({ kind: 'pass' })
    made.later(60 * DAY_MS)
    const again = made.device.startUplink()
    await until(() => made.device.outbox.backlog().count === 0)
    expect(again.status().alarm).toBe(false)
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
  })

  test('in the very bytes and under the old signature is told its clock, and stores nothing', async () => {
    const made = await pair()
    made.device.capture(3)
    const batch = made.device.outbox.nextBatch()
    const body = (await encodeBatch(textsOf(batch))).body
    const sign = () =>
      signRequest({ method: 'POST', path: BATCH_PATH, body }, made.device.identity.signer(), new Date())
    const headers = { 'content-type': BATCH_MEDIA_TYPE, ...sign() }
    const send = async () =>
      await fetch(made.hall.url + BATCH_PATH, { method: 'POST', headers, body: new Uint8Array(body) })
    const first = await send()
    expect([first.status, await first.json()]).toMatchObject([200, { stored: 3, duplicate: 0 }])
    const second = await send()
    expect([second.status, await second.json()]).toMatchObject([200, { stored: 0, duplicate: 3 }])
    made.later(60 * DAY_MS)
    const third = await send()
    expect([third.status, await third.json()]).toMatchObject([401, { code: 'clock' }])
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
  })
})

describe('a hall restored from an old backup', () => {
  test('gets again what the device still keeps, more than one answer can name among it', async () => {
    const made = await pair()
    made.device.capture(10)
    await made.drained()
    const restore = await backup(made)
    made.device.capture(700)
    await made.drained()
    await made.restartHall(restore)
    expect((await storedIn(made.hallDir, deviceOf(made))).size).toBe(10)

    made.device.capture(1)
    await made.drained()
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [], awaited: 0 })
  })

  test('is told by the device’s status how much it lacks, before anything new is sent', async () => {
    const made = await pair()
    made.device.capture(4)
    await made.drained()
    const restore = await backup(made)
    made.device.capture(6)
    await made.drained()
    await made.restartHall(restore)
    const told = await made.device.client.reportStatus(statusReport(made.device))
    expect(told.ok).toBe(true)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [], awaited: 6 })
  })

  test('after more than 30 days is told by `hall verify` what no device keeps any more', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const restore = await backup(made)
    made.device.capture(20)
    await made.drained()
    made.later(31 * DAY_MS)
    made.device.capture(7)
    await made.drained()
    while (made.device.outbox.tidy());
    await made.restartHall(restore)
    made.device.capture(1)
    await made.drained()
    const stored = await storedIn(made.hallDir, deviceOf(made))
    const gone = [...made.device.captured.keys()].filter((place) => !stored.has(place))
    expect(gone.length).toBeGreaterThan(0)
    expect(gone).toEqual(Array.from(gone, (_, at) => placeOf(1, 6 + at)))
    expect(ranges(await verified(made.hallDir, deviceOf(made)))).toEqual([`missing 6–${5 + gone.length}`])
  })

  test('that no longer knows the device stops it with an alarm, and it keeps capturing', async () => {
    const made = await pair()
    const kept = newFolder('line-backup')
    onTestFinished(() => rmSync(kept, { recursive: true, force: true }))
    await made.restartHall((dir) => rmSync(join(dir, 'hall.sqlite')))
    made.device.capture(3)
    const uplink = made.device.startUplink()
    await until(() => uplink.status().state === 'stopped')
    expect(uplink.status()).toMatchObject({ reason: 'signature-refused', alarm: true, backlog: 3 })
    made.device.capture(2)
    expect(made.device.outbox.backlog().count).toBe(5)
  })

  test('while the device began a new epoch: what only the old epoch held is told, never silent', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const restore = await backup(made)
    made.device.capture(10)
    await made.drained()
    await made.restartDevice((dir) => {
      for (const file of ['store.sqlite', 'store.sqlite-wal', 'store.sqlite-shm'])
        rmSync(join(dir, file), { force: true })
    })
    expect(made.device.capture(2)).toEqual([placeOf(2, 1), placeOf(2, 2)])
    await made.drained()
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
    await made.restartHall(restore)
    made.device.capture(1)
    await made.drained()
    expect(ranges(await verified(made.hallDir, deviceOf(made)))).toEqual(['missing 6–null'])
  })
})

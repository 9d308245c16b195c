import { cpSync, rmSync } from 'node:fs'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  eventsIn,
  type FaultDevice,
  inHall,
  newFolder,
  openFaultDevice,
  type Pair,
  startPair,
  storedIn,
  TEST_TIMEOUT_MS,
  until,
  verified,
} from './pair.ts'
import { statusReport } from './status.ts'

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS })

const DAY_MS = 24 * 60 * 60 * 1000
/** 50 years with their 12 or 13 leap days. */
const FIFTY_YEARS_MS = 50 * 365.25 * DAY_MS

async function pair(deviceClock: () => Date = () => new Date()): Promise<Pair> {
  const made = await startPair({ deviceClock })
  onTestFinished(() => made.close())
  return made
}

const deviceOf = ({ device }: Pair): string => String(device.identity.deviceId)
const timesIn = async (made: Pair): Promise<string[]> =>
  (await eventsIn(made.hallDir, deviceOf(made))).map(
    ({ text }) => (JSON.parse(text) as { time: string }).time,
  )

/** Another machine with the very same folder. */
function clone({ device, line }: Pair): FaultDevice {
  const dir = newFolder('line-clone')
  cpSync(device.dir, dir, { recursive: true })
  const copy = openFaultDevice(dir, line.url)
  onTestFinished(async () => {
    await copy.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return copy
}

describe('a clock that is far off', () => {
  for (const [name, offsetMs] of [
    ['50 years behind', -FIFTY_YEARS_MS],
    ['50 years ahead', FIFTY_YEARS_MS],
  ] as const)
    test(`${name}: enrolment, delivery and status go on, and captured times stay as they were taken`, async () => {
      const made = await pair(() => new Date(Date.now() + offsetMs))
      const before = Date.now() + offsetMs
      made.device.capture(20)
      const after = Date.now() + offsetMs
      await made.drained()
      expect((await made.device.client.reportStatus(statusReport(made.device))).ok).toBe(true)
      const times = (await timesIn(made)).map((time) => Date.parse(time))
      expect(times).toHaveLength(20)
      for (const time of times) {
        expect(time).toBeGreaterThanOrEqual(before)
        expect(time).toBeLessThanOrEqual(after)
      }
      const { synchronized, offsetMs: told } = made.device.client.clock.state()
      expect(synchronized).toBe(false)
      expect(Math.abs(Number(told) + offsetMs)).toBeLessThan(60_000)
      expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
    })

  test('at 1970 from the first start on: it joins, and its facts say 1970', async () => {
    const start = Date.now()
    const made = await pair(() => new Date(Date.now() - start))
    made.device.capture(3)
    await made.drained()
    for (const time of await timesIn(made)) expect(new Date(time).getUTCFullYear()).toBe(1970)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
  })

  test('that steps within a batch, to and fro: the order is the chain’s, the times are those taken', async () => {
    const steps = [0, FIFTY_YEARS_MS, -FIFTY_YEARS_MS, 3_600_000, -3_600_000, 0]
    let step = 0
    const taken: number[] = []
    const made = await pair(() => new Date(Date.UTC(2026, 10, 21) + (steps[step % steps.length] ?? 0)))
    for (step = 0; step < 60; step += 1) {
      made.device.capture(1)
      taken.push(Date.UTC(2026, 10, 21) + (steps[step % steps.length] ?? 0))
    }
    await made.drained()
    expect((await timesIn(made)).map((time) => Date.parse(time))).toEqual(taken)
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
  })

  test('that steps ahead and back does not make the device forget what it keeps for a hall that lost its store', async () => {
    let offsetMs = 0
    const made = await pair(() => new Date(Date.now() + offsetMs))
    made.device.capture(10)
    await made.drained()
    offsetMs = FIFTY_YEARS_MS
    made.device.capture(1)
    await made.drained()
    while (made.device.outbox.tidy());
    offsetMs = 0
    made.device.capture(1)
    await made.drained()
    const again = made.device.outbox.sendAgain(
      1,
      Array.from({ length: 12 }, (_, at) => at + 1),
    )
    expect(again).toBe(12)
  })
})

describe('one identity on two machines', () => {
  test('is seen by its two programs’ starts in turn, and told by the hall', async () => {
    const made = await pair()
    const copy = clone(made)
    const boots = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    for (const [who, boot] of [
      [made.device, boots[0]],
      [copy, boots[1]],
      [made.device, boots[0]],
    ] as const)
      expect((await who.client.reportStatus(statusReport(who, boot))).ok).toBe(true)
    const status = await inHall(made.hallDir, async (store) => await store.statusOf(deviceOf(made)))
    expect(status?.cloneSeenAt).toBeInstanceOf(Date)
  })

  test('forks: the second to send is stopped with an alarm, keeps capturing, and nothing is overwritten', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const copy = clone(made)
    made.device.capture(4)
    await made.drained()
    const before = await storedIn(made.hallDir, deviceOf(made))
    copy.capture(3)
    const uplink = copy.startUplink()
    await until(() => uplink.status().state === 'stopped')
    expect(uplink.status()).toMatchObject({ reason: 'chain-fork', alarm: true, backlog: 3 })
    copy.capture(1)
    expect(copy.outbox.backlog().count).toBe(4)
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(before)
    expect((await verified(made.hallDir, deviceOf(made))).faults).toMatchObject([{ kind: 'fork', epoch: 1 }])
    // The first goes on undisturbed: whoever is right is for a person to say.
    made.device.capture(2)
    await made.drained()
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
  })

  test('forks in the middle of both their uplinks: each fact of both is at the hall or still on its machine', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const copy = clone(made)
    const uplinks = [made.device.startUplink(), copy.startUplink()]
    for (let turn = 0; turn < 10; turn += 1) {
      made.device.capture(2)
      copy.capture(2)
      await until(() => made.device.outbox.backlog().count === 0 || copy.outbox.backlog().count === 0)
    }
    await until(() => uplinks.some((uplink) => uplink.status().state === 'stopped'))
    const stored = new Set((await storedIn(made.hallDir, deviceOf(made))).values())
    for (const machine of [made.device, copy]) {
      const lost = [...machine.captured.values()].filter((hash) => !stored.has(hash))
      expect(lost).toHaveLength(machine.outbox.backlog().count)
    }
    expect((await verified(made.hallDir, deviceOf(made))).faults).toMatchObject([{ kind: 'fork' }])
  })
})

describe('a store restored from an older copy', () => {
  test('with its identity: a new epoch begins at the last hash known, and nothing of the old one is overwritten', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const kept = newFolder('line-older')
    onTestFinished(() => rmSync(kept, { recursive: true, force: true }))
    await made.restartDevice((dir) => cpSync(dir, kept, { recursive: true }))
    made.device.capture(7)
    await made.drained()
    await made.restartDevice((dir) => {
      for (const file of ['store.sqlite', 'store.sqlite-wal', 'store.sqlite-shm'])
        rmSync(`${dir}/${file}`, { force: true })
      cpSync(`${kept}/store.sqlite`, `${dir}/store.sqlite`)
    })
    made.device.capture(3)
    expect(made.device.outbox.head()?.epoch).toBe(2)
    await made.drained()
    const stored = await storedIn(made.hallDir, deviceOf(made))
    expect(stored).toEqual(made.device.captured)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
  })

  test('identity and all (a disk image): the hall sees the fork, and keeps what it has', async () => {
    const made = await pair()
    made.device.capture(5)
    await made.drained()
    const kept = newFolder('line-older')
    onTestFinished(() => rmSync(kept, { recursive: true, force: true }))
    await made.restartDevice((dir) => cpSync(dir, kept, { recursive: true }))
    made.device.capture(7)
    await made.drained()
    const before = await storedIn(made.hallDir, deviceOf(made))
    await made.restartDevice((dir) => {
      rmSync(dir, { recursive: true })
      cpSync(kept, dir, { recursive: true })
    })
    made.device.capture(3)
    const uplink = made.device.startUplink()
    await until(() => uplink.status().state === 'stopped')
    expect(uplink.status()).toMatchObject({ reason: 'chain-fork', alarm: true, backlog: 3 })
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(before)
    expect((await verified(made.hallDir, deviceOf(made))).faults).toMatchObject([{ kind: 'fork' }])
  })
})

test('a revoked device is refused, stops with an alarm, and keeps capturing', async () => {
  const made = await pair()
  made.device.capture(2)
  await made.drained()
  await inHall(made.hallDir, async (store) => await store.revokeDevice(deviceOf(made), new Date()))
  made.device.capture(3)
  await until(() => made.device.uplink?.status().state === 'stopped')
  expect(made.device.uplink?.status()).toMatchObject({ reason: 'revoked', alarm: true, backlog: 3 })
  await made.restartDevice()
  made.device.capture(4)
  expect(made.device.outbox.backlog().count).toBe(7)
  expect((await storedIn(made.hallDir, deviceOf(made))).size).toBe(2)
})

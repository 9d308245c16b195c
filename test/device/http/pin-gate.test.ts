import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PinGate } from '../../../device/http/window/pin-gate.ts'
import { openStore } from '../../../device/store/store.ts'
import { cheapHash } from '../support/cheap-pin.ts'
import { temporaryFolder } from '../support/house.ts'

const MINUTE_MS = 60_000

const HASHES: Record<string, string> = { S012: cheapHash('806417'), S003: cheapHash('590138') }

let parts: AsyncDisposableStack
let folder: string
let now: number
let gate: PinGate

/** The pad stops and starts again: only what is on disk stays. */
const start = (): PinGate => {
  const db = openStore(folder)
  parts.defer(() => void db.close())
  return new PinGate(
    db,
    (staffId) => HASHES[staffId] ?? null,
    () => now,
  )
}
beforeEach(async () => {
  parts = new AsyncDisposableStack()
  folder = join(await temporaryFolder(parts))
  now = Date.parse('2026-11-21T09:00:00Z')
  gate = start()
})
afterEach(() => parts.disposeAsync())

const verdictOf = async (pin: string, staffId = 'S012') => (await gate.check(staffId, pin)).verdict
const waitOf = async (): Promise<number> => {
  const tried = await gate.check('S012', '806417')
  return tried.verdict === 'too-many-tries' ? tried.retryAfterSeconds : 0
}

it('lets the right PIN in, and no other', async () => {
  expect(await verdictOf('806417')).toBe('right')
  expect(await verdictOf('590138', 'S003')).toBe('right')
  expect(await verdictOf('806417', 'S003')).toBe('wrong')
  expect(await verdictOf('806417', 'S999')).toBe('no-pin')
})

it('each wrong PIN doubles the wait, up to a quarter of an hour; the right one ends it', async () => {
  const waits: number[] = []
  for (let tries = 0; tries < 12; tries++) {
    expect(await verdictOf('111111')).toBe('wrong')
    waits.push(await waitOf())
    now += (waits.at(-1) ?? 0) * 1000
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900])
  expect(await verdictOf('806417')).toBe('right')
  expect(await verdictOf('111111')).toBe('wrong')
  expect(await waitOf()).toBe(1)
})

it('while somebody has to wait, the right PIN is not looked at, and others are let in', async () => {
  await verdictOf('111111')
  expect(await verdictOf('806417')).toBe('too-many-tries')
  expect(await verdictOf('590138', 'S003')).toBe('right')
})

it('the wait survives a restart, and a clock that is set back makes it no longer', async () => {
  for (let tries = 0; tries < 4; tries++) {
    await verdictOf('111111')
    now += 10_000
  }
  await verdictOf('111111')
  expect(await waitOf()).toBe(16)
  gate = start()
  expect(await waitOf()).toBe(16)
  now -= 24 * 60 * MINUTE_MS
  expect(await waitOf()).toBe(16)
})

it('of many wrong tries at once one is looked at; the right one sent twice at once is right twice', async () => {
  expect(await Promise.all([verdictOf('806417'), verdictOf('806417')])).toEqual(['right', 'right'])
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => verdictOf('111111')))
  expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(1)
  expect(verdicts.filter((verdict) => verdict === 'too-many-tries')).toHaveLength(49)
  expect(await waitOf()).toBe(1)
})

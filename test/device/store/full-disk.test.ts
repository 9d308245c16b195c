/** On a small disk of its own, filled for real. */
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { storageProblem } from '../../../sync/sqlite-faults.ts'
import { fill, smallDisk } from './small-disk.ts'
import { drain, openTestRecords, RESERVE_BYTES, rate, rating, textsIn } from './support.ts'

const codeOf = (act: () => void): string | null => {
  try {
    act()
    return null
  } catch (error) {
    return storageProblem(error)
  }
}

it('promise 1: with no byte free a rating is refused, and what was thanked for is sent, let go and kept', () => {
  const disk = smallDisk(24)
  const records = openTestRecords(disk)
  rate(records, 30)
  const texts = textsIn(records)
  const filler = fill(disk)

  // Capture takes what room the WAL has left, and then no more.
  let captured = 0
  expect(
    codeOf(() => {
      for (; captured < 5_000; captured += 1) rate(records, 1)
    }),
  ).toBe('disk-full')
  const sent = drain(records)
  expect(sent).toHaveLength(30 + captured)
  expect(textsIn(records).slice(0, 30)).toEqual(texts)
  expect(records.outbox.backlog().count).toBe(0)
  expect(records.identity.chain.hash).toBe(sent.at(-1)?.hash)

  // What the reserve has lent to sending is for no new rating.
  if (!existsSync(join(disk, 'store.reserve'))) {
    expect(codeOf(() => rate(records, 1))).toBe('disk-full')
    expect(records.outbox.refusing()).toBe('disk-full')
  }
  rmSync(filler)
  expect(waitFor(() => records.outbox.refusing() === null)).toBe(true)
  rate(records, 1)
  expect(drain(records)).toHaveLength(1)
})

it('promise 1: a device that starts on a full disk still delivers what it has kept', () => {
  const disk = smallDisk(24)
  const before = openTestRecords(disk)
  rate(before, 20)
  before.close()
  fill(disk)
  const records = openTestRecords(disk)
  expect(drain(records)).toHaveLength(20)
})

it('the reserve is real: what it gives is there to be written', () => {
  const disk = smallDisk(8)
  openTestRecords(disk).close()
  fill(disk)
  rmSync(join(disk, 'store.reserve'))
  const { bavail, bsize } = statfsSync(disk)
  expect(bavail * bsize).toBeGreaterThanOrEqual(RESERVE_BYTES)
})

it('a folder in use is refused in words, and free again however its user ended', () => {
  const disk = smallDisk(16)
  const first = openTestRecords(disk)
  expect(() => openTestRecords(disk)).toThrow(/in use by another device that runs here: stop that one/)
  first.close()
  const program = `
    import { openRecords } from ${JSON.stringify(new URL('../../../device/store/records.ts', import.meta.url))}
    openRecords({ dataDir: ${JSON.stringify(disk)} })
    process.stdout.write('open')
    process.kill(process.pid, 'SIGKILL')
  `
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', program])
  expect([String(child.stdout), child.signal]).toEqual(['open', 'SIGKILL'])
  const again = openTestRecords(disk)
  again.db.transaction(() => again.outbox.append('rating', rating(1), new Date()))()
  expect(again.setAsideIn).toBeNull()
})

/** The reserve is laid down again at most once a second; only a test that fails waits so long. */
const waitFor = (isSo: () => boolean): boolean => {
  for (const until = performance.now() + 15_000; performance.now() < until; ) {
    if (isSo()) return true
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
  return false
}

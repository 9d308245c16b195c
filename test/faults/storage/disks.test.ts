/** Real disks in real trouble: full to the last byte, turned read-only, failing for a while. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { failForAWhile } from './failing-disk.ts'
import { inWords } from './findings.ts'
import { fillUp } from './full-disk.ts'
import { turnReadOnly } from './read-only.ts'
import { openRig, type Rig } from './rig.ts'
import { seeded } from './seeded.ts'
import { makeThinDisk } from './thin-disk.ts'

/** Some seconds each, and ten times that on a machine that is busy with other things. */
const TIMEOUT_MS = 180_000
/** Two compilations. */
const HOOK_TIMEOUT_MS = 60_000

let rig: Rig
beforeAll(() => {
  rig = openRig({ judges: 0 })
}, HOOK_TIMEOUT_MS)
afterAll(() => rig[Symbol.asyncDispose](), HOOK_TIMEOUT_MS)

it.each([
  ['a device that runs', false],
  ['a device that is started again', true],
])(
  'promise 1: at zero bytes free %s refuses what is new, and still sends and lets go of all it has',
  { timeout: TIMEOUT_MS },
  async (name, restart) => {
    const outcome = await fillUp(rig.rig, `full-${restart}`, { restart })
    expect(inWords(outcome.findings), name).toEqual([])
    expect(outcome.freeBytes).toBe(0)
    expect(outcome.refusals.length).toBeGreaterThan(0)
    for (const code of outcome.refusals) expect(['SQLITE_FULL', 'store-full']).toContain(code)
    expect(outcome.waiting.before).toBeGreaterThan(300)
    expect(outcome.waiting.after).toBe(0)
  },
)

it('promise 1: a disk that turns read-only takes nothing that was acknowledged', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { findings, refusals, start } = await turnReadOnly(rig.rig, 'read-only')
  expect(inWords(findings)).toEqual([])
  expect(refusals).toHaveLength(5)
  expect(start).not.toBe('it starts')
})

const PAGE_BYTES = 4096
/** More than the few blocks between the file system's own, which are there whatever happens. */
const STORE_PAGES = 512
/** What a checkpoint adds to it, behind a page that it changes. */
const MORE_PAGES = 25

it('a disk whose blocks have run out refuses a sync, also of what begins in blocks that are there', () => {
  const thin = makeThinDisk(rig.rig, 'thin')
  const file = openSync(join(thin.disk.folder, 'file'), 'w')
  const write = (page: number, count: number): void => {
    writeSync(file, Buffer.alloc(count * PAGE_BYTES, 1), 0, count * PAGE_BYTES, page * PAGE_BYTES)
    fsyncSync(file)
  }
  try {
    write(0, STORE_PAGES)
    thin.takeBlocks()
    write(STORE_PAGES - 1, 1)
    expect(() => write(STORE_PAGES - 1, 1 + MORE_PAGES)).toThrow('ENOSPC')
  } finally {
    closeSync(file)
    thin.remove()
  }
})

it.each([0, 6])('a failed sync is never retried as success (%i)', { timeout: TIMEOUT_MS }, async (seed) => {
  const { findings, codes } = await failForAWhile(rig.rig, `failing-${seed}`, seeded(seed))
  expect(inWords(findings)).toEqual([])
  expect(codes).toContain('SQLITE_IOERR_FSYNC')
})

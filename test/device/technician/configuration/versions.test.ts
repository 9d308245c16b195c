import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { openVersions, type VersionAdded } from '../../../../device/technician/configuration/versions.ts'
import { fill, makeDisk } from '../../../faults/storage/disk.ts'
import { openRig } from '../../../faults/storage/rig.ts'
import { deviceJson } from '../../support/house.ts'
import { cutEverywhere } from './cuts.ts'

const HALL = 'http://127.0.0.1:9'
const pad = (peripherals: object = {}): Record<string, unknown> => ({
  ...deviceJson({ role: 'pad', hallUrl: HALL, peripherals }),
})
const scanner = (port: string) => ({ scanner: { driver: 'serial', port } })

let folder: string
let dataDir: string
let config: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window24-versions-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  dataDir = join(folder, 'data')
  config = join(folder, 'device.json')
})

const write = (value: unknown): void => writeFileSync(config, JSON.stringify(value))
const read = (): unknown => JSON.parse(readFileSync(config, 'utf8'))
const numberOf = (added: VersionAdded): number => {
  if (!added.ok) throw new Error(added.detail)
  return added.version.number
}

it('the configuration that a device was first started with is its first version', () => {
  write(pad())
  expect(openVersions(dataDir, config).list()).toMatchObject([{ number: 1, why: 'by-hand', changed: [] }])
  expect(openVersions(dataDir, config).list()).toHaveLength(1)
})

it('a device without a configuration has no version, and its first one is written whole', () => {
  const versions = openVersions(dataDir, config)
  expect(versions.list()).toEqual([])
  expect([versions.written(), versions.before()]).toEqual([null, null])
  expect(versions.add(pad(), 'first-run')).toMatchObject({ ok: true, version: { number: 1, changed: [] } })
  expect(read()).toEqual(pad())
})

it('a version tells why and where it differs from the one before, and never a value', () => {
  write(pad(scanner('tcp://127.0.0.1:9102')))
  const versions = openVersions(dataDir, config)
  const { device: _device, ...rest } = pad(scanner('tcp://127.0.0.1:9103'))
  const window = { tokens: [{ name: 'case system', token: 'another-token-of-it', origins: [] }] }
  versions.add({ ...rest, device: { name: 'moved', window: '7' }, window }, 'moved')
  const [newest] = versions.list()
  expect(newest).toMatchObject({ number: 2, why: 'moved' })
  expect(newest?.changed.toSorted()).toEqual([
    'device.name',
    'device.window',
    'peripherals.scanner.port',
    'window.listen',
    'window.tokens[0].origins',
    'window.tokens[0].token',
  ])
  expect(JSON.stringify(versions.list())).not.toMatch(/token-of|9103/)
})

it('what came or went whole is one place', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  versions.add(pad(scanner('tcp://127.0.0.1:9102')), 'peripheral-bound')
  versions.add(pad(), 'peripheral-unbound')
  expect(versions.list().map(({ changed }) => changed)).toEqual([
    ['peripherals.scanner'],
    ['peripherals.scanner'],
    [],
  ])
})

it('an undo takes back the newest change, another undo takes back that undo', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  versions.add(pad(scanner('tcp://127.0.0.1:9102')), 'peripheral-bound')
  const undo = (): void => {
    const to = versions.before()
    if (to === null) throw new Error('nothing to undo')
    expect(versions.add(versions.at(to), 'undone').ok).toBe(true)
  }
  undo()
  expect(read()).toEqual(pad())
  undo()
  expect(read()).toEqual(pad(scanner('tcp://127.0.0.1:9102')))
  undo()
  expect(read()).toEqual(pad())
  expect(versions.list().map(({ number }) => number)).toEqual([5, 4, 3, 2, 1])
})

it('what was edited by hand while the device was off is a version of its own', () => {
  write(pad())
  openVersions(dataDir, config)
  write(pad(scanner('tcp://127.0.0.1:9102')))
  const versions = openVersions(dataDir, config)
  expect(versions.list()[0]).toMatchObject({ number: 2, why: 'by-hand', changed: ['peripherals.scanner'] })
  expect(versions.before()).toBe(1)
})

it('an edit by hand under a running device is kept before the next change covers it', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  write(pad(scanner('tcp://127.0.0.1:9102')))
  versions.add(pad(scanner('tcp://127.0.0.1:9103')), 'peripheral-bound')
  expect(versions.list().map(({ why }) => why)).toEqual(['peripheral-bound', 'by-hand', 'by-hand'])
  expect(versions.at(2)).toEqual(pad(scanner('tcp://127.0.0.1:9102')))
})

it('other blanks and another order of keys are no change', () => {
  write(pad())
  openVersions(dataDir, config)
  writeFileSync(config, JSON.stringify(Object.fromEntries(Object.entries(pad()).reverse()), null, 7))
  expect(openVersions(dataDir, config).list()).toHaveLength(1)
})

it.each([
  ['a slip of the finger', '{"role": "pad",,}'],
  ['an unknown key', JSON.stringify({ ...pad(), scren: {} })],
  ['nothing', ''],
])('%s by hand is no version, and an undo brings back the one that stood', (_what, text) => {
  write(pad())
  openVersions(dataDir, config)
  writeFileSync(config, text)
  const versions = openVersions(dataDir, config)
  expect(versions.list()).toHaveLength(1)
  expect(versions.before()).toBe(1)
  versions.add(versions.at(1), 'undone')
  expect(read()).toEqual(pad())
})

it('the same again is no version', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  expect(numberOf(versions.add(pad(), 'imported'))).toBe(1)
  expect(versions.list()).toHaveLength(1)
})

it('what is not sound is refused with its places and changes nothing', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  const added = versions.add({ ...pad(), scren: {} }, 'imported')
  expect(added).toEqual({
    ok: false,
    code: 'configuration',
    detail: 'scren: unknown key; did you mean screen?',
  })
  expect(read()).toEqual(pad())
  expect(versions.list()).toHaveLength(1)
})

it('the newest fifty are kept, and their numbers go on', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  for (let port = 1; port <= 53; port += 1)
    versions.add(pad(scanner(`tcp://127.0.0.1:${port}`)), 'peripheral-bound')
  const numbers = versions.list().map(({ number }) => number)
  expect([numbers.length, numbers[0], numbers.at(-1)]).toEqual([50, 54, 5])
  expect([versions.at(4), versions.at(5) !== null]).toEqual([null, true])
  expect(openVersions(dataDir, config).list()).toHaveLength(50)
})

it('a clock at 1970, or one that ran ahead, never puts an older version after a newer one', () => {
  write(pad())
  const clock = { now: new Date('2099-01-01T00:00:00Z') }
  const versions = openVersions(dataDir, config, () => clock.now)
  const times = [
    '1970-01-01T00:00:07Z',
    '1970-01-01T00:00:03Z',
    '2026-11-22T08:00:00Z',
    '2026-11-22T07:00:00Z',
  ]
  const told: number[][] = []
  for (const [index, time] of times.entries()) {
    clock.now = new Date(time)
    versions.add(pad(scanner(`tcp://127.0.0.1:${index + 1}`)), 'peripheral-bound')
    told.push(versions.list().map(({ at }) => Date.parse(at)))
  }
  for (const list of told) expect(list).toEqual(list.toSorted((one, other) => other - one))
  // The clock that was never set is not believed; one that was set back is.
  expect(new Date(told[0]?.[0] ?? 0).getUTCFullYear()).toBe(2099)
  expect(new Date(told.at(-1)?.[0] ?? 0).toISOString()).toBe('2026-11-22T07:00:00.000Z')
})

it('versions are readable for their owner alone, and device.json keeps its own rights and its link', () => {
  const real = join(folder, 'elsewhere.json')
  writeFileSync(real, JSON.stringify(pad()))
  chmodSync(real, 0o640)
  symlinkSync(real, config)
  const versions = openVersions(dataDir, config)
  versions.add(pad(scanner('tcp://127.0.0.1:9102')), 'peripheral-bound')
  const kept = join(dataDir, 'configuration')
  expect(statSync(kept).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(kept)) expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600)
  expect(lstatSync(config).isSymbolicLink()).toBe(true)
  expect(statSync(real).mode & 0o777).toBe(0o640)
  expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual(pad(scanner('tcp://127.0.0.1:9102')))
  rmSync(real)
  versions.add(pad(), 'undone')
  expect(statSync(config).mode & 0o777).toBe(0o600)
})

it('a version that can no longer be read is left out, and its number is not given twice', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  versions.add(pad(scanner('tcp://127.0.0.1:1')), 'peripheral-bound')
  writeFileSync(join(dataDir, 'configuration', '000002.json'), '{"number":2,')
  const again = openVersions(dataDir, config)
  expect(again.list().map(({ number, why }) => [number, why])).toEqual([
    [3, 'by-hand'],
    [1, 'by-hand'],
  ])
})

it('wherever the power goes, the whole old configuration stands with its version, or the whole new one', async () => {
  await using rig = openRig({ judges: 0 })
  for (const writtenOut of [false, true]) {
    const disk = makeDisk(rig.rig, `versions-${writtenOut}`)
    const [data, path] = [join(disk.folder, 'data'), join(disk.folder, 'device.json')]
    writeFileSync(path, JSON.stringify(pad()))
    openVersions(data, path)
    execFileSync('sync', ['-f', disk.folder])
    const changes = [pad(scanner('tcp://127.0.0.1:1')), pad(scanner('tcp://127.0.0.1:2'))]
    const work = { kind: 'versions' as const, dataDir: data, config: path, next: changes }
    let furthest = 0
    let cuts = 0
    await cutEverywhere(rig, disk, work, writtenOut, ({ at, folder: found, ended }) => {
      const versions = openVersions(join(found, 'data'), join(found, 'device.json'))
      const stands = [pad(), ...changes].findIndex(
        (one) => JSON.stringify(one) === JSON.stringify(versions.written()),
      )
      expect(stands, `cut at ${at}`).toBeGreaterThanOrEqual(furthest)
      furthest = stands
      cuts = at
      expect(
        versions.list().map(({ why }) => why),
        `cut at ${at}`,
      ).toEqual([...Array(stands).fill('imported'), 'by-hand'])
      expect(versions.at(stands + 1)).toEqual(versions.written())
      if (ended) expect(stands).toBe(changes.length)
    })
    expect(cuts).toBeGreaterThan(10)
    disk.remove()
  }
})

it('on a full disk a change is refused and nothing has changed; with room again it is taken', async () => {
  await using rig = openRig({ judges: 0 })
  const disk = makeDisk(rig.rig, 'full')
  const [data, path] = [join(disk.folder, 'data'), join(disk.folder, 'device.json')]
  writeFileSync(path, JSON.stringify(pad()))
  const versions = openVersions(data, path)
  const ballast = fill(disk.folder)
  const added = versions.add(pad(scanner('tcp://127.0.0.1:1')), 'peripheral-bound')
  expect(added).toMatchObject({ ok: false, code: 'disk-full' })
  expect(versions.written()).toEqual(pad())
  expect(versions.list()).toHaveLength(1)
  rmSync(ballast)
  expect(versions.add(pad(scanner('tcp://127.0.0.1:1')), 'peripheral-bound').ok).toBe(true)
  disk.remove()
})

it('on a disk that cannot be written a change is refused and nothing has changed', () => {
  write(pad())
  const versions = openVersions(dataDir, config)
  rmSync(config)
  // A folder in its place: the renaming fails at the last step.
  mkdirSync(join(config, 'in-the-way'), { recursive: true })
  expect(versions.add(pad(scanner('tcp://127.0.0.1:1')), 'peripheral-bound')).toMatchObject({
    ok: false,
    code: 'cannot-write',
  })
  expect(versions.list()).toHaveLength(1)
})

/** The keys that names are sealed for: listed, rotated, lost, of several instances and of several users. */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { listSealingKeys, loadSealingKeys, rotateSealingKeys } from '../../../sync/hall/sealing-keys.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { StatusAnswer, statusPath } from '../../../sync/protocol/devices.ts'
import type { SealingKey } from '../../../sync/protocol/keys.ts'
import { seal, unseal } from '../../../sync/protocol/sealing.ts'
import { filesFingerprint, reloadable } from '../../../sync/reloadable.ts'
import { enrolledDevice, newFolder, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { run } from './support/command.ts'
import { type KeptLog, keptLog } from './support/log.ts'

let hall: TestHall
let device: TestDevice
let log: KeptLog
beforeEach(async () => {
  log = keptLog()
  hall = await startTestHall({ logger: log.logger })
  device = await enrolledDevice(hall)
})
afterEach(async () => await hall.close())

const command = (...args: string[]) => run(...args, '--data', hall.dataDir)

/** The key that a device is told in the answer to its status. */
async function told(): Promise<SealingKey> {
  const body = {
    role: 'pad',
    software: 'window24 0.1.0',
    uptimeSeconds: 1,
    bootId: randomUUID(),
    head: null,
    peripherals: {},
    paper: null,
    backlog: 0,
    oldestUnsentAt: null,
    clock: { synchronized: true, offsetMs: 0 },
    storage: { freeBytes: 1, totalBytes: 2 },
  }
  const answer = await device.ask({ method: 'PUT', path: statusPath(device.deviceId), body })
  return StatusAnswer.parse(answer.json).sealingKey
}

/** Once the hall has noted the key, which is within one or two answers. */
const toldKey = (kid: string): Promise<SealingKey> =>
  vi.waitFor(async () => {
    const key = await told()
    expect(key.kid).toBe(kid)
    return key
  })

describe('sealing keys', () => {
  const file = () => join(hall.dataDir, 'sealing-keys.json')

  test('are listed by name and age, never by what is secret in them', async () => {
    const { out } = await command('keys')
    expect(out).toContain(device.sealingKey.kid)
    expect(out).toMatch(/ 0 +seals\n$/)
    const { keys } = JSON.parse(readFileSync(file(), 'utf8'))
    expect(out).not.toContain(keys[0].d)
  })

  test('that are rotated reach the devices with their next status, and what was sealed before still opens', async () => {
    const at = new Date()
    const toSeal = { purpose: 'report', device: device.deviceId, text: '电梯坏了' } as const
    const before = await seal(toSeal, device.sealingKey, at)
    const { out } = await command('keys', 'rotate')
    const sealingKey = await toldKey(out.trim())
    expect(sealingKey.kid).not.toBe(device.sealingKey.kid)
    const after = await seal(toSeal, sealingKey, at)
    const { all } = loadSealingKeys(file(), false, at)
    for (const sealed of [before, after])
      expect(await unseal(sealed, all, { purpose: 'report', device: device.deviceId })).toMatchObject({
        ok: true,
      })
    expect((await command('keys')).out.match(/opens\n/g)).toHaveLength(1)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
  })

  test('rotated twice at once lose nothing: the second is told to wait', async () => {
    writeFileSync(`${file()}.lock`, '')
    expect(await command('keys', 'rotate')).toMatchObject({
      code: 1,
      err: expect.stringContaining('another rotation is under way'),
    })
    expect(listSealingKeys(file())).toHaveLength(1)
  })

  test('put back to an older file while the server runs are not taken', async () => {
    const older = readFileSync(file())
    const newest = (await command('keys', 'rotate')).out.trim()
    await toldKey(newest)
    writeFileSync(file(), older)
    for (let times = 0; times < 3; times += 1) expect(await told()).toMatchObject({ kid: newest })
  })

  test('whose halves do not match are damaged', async () => {
    const held = JSON.parse(readFileSync(file(), 'utf8'))
    const { d } = held.keys[0]
    held.keys[0].d =
      (d.startsWith('A') ? 'B' : 'A') + d.slice(1, 20) + (d[20] === 'A' ? 'B' : 'A') + d.slice(21)
    writeFileSync(file(), JSON.stringify(held))
    expect(await command('keys')).toMatchObject({ code: 1, err: expect.stringContaining('damaged') })
  })

  test('may lie elsewhere, and an instance with other ones does not start', async () => {
    const elsewhere = join(hall.dataDir, 'apart.json')
    writeFileSync(elsewhere, readFileSync(file()), { mode: 0o600 })
    const options = { dataDir: hall.dataDir, listen: '127.0.0.1:0' }
    const second = await startTestHall({ ...options, sealingKeysFile: elsewhere })
    await second.hall.close()
    await command('keys', 'rotate', '--sealing-keys', elsewhere)
    const third = await startTestHall({ ...options, sealingKeysFile: elsewhere })
    await third.hall.close()
    await expect(startTestHall(options), 'it lacks the one that was handed out').rejects.toMatchObject({
      code: 'sealing-keys-lacking',
      message: expect.stringContaining('copy the file of another instance'),
    })
  })

  test('that another instance has rotated elsewhere are not handed out by this one, and the log names both', async () => {
    const store = openSqliteStore(join(hall.dataDir, 'hall.sqlite'))
    await store.sealingKids.adopt([device.sealingKey.kid, 'of-another'], new Date())
    await store.close()
    const rotated = (await command('keys', 'rotate')).out.trim()
    await told()
    await vi.waitFor(() => expect(log.text()).toContain('is not handed out'))
    const line =
      log
        .text()
        .split('\n')
        .find((one) => one.includes('is not handed out')) ?? ''
    expect(JSON.parse(line)).toMatchObject({
      kid: rotated,
      kept: device.sealingKey.kid,
      lacking: ['of-another'],
    })
    expect((await told()).kid).toBe(device.sealingKey.kid)
  })
})

/** Only root can try what another user can do. */
describe.runIf(process.getuid?.() === 0)('sealing keys of a server that runs as another user', () => {
  const OTHER = 65_534

  /** In a process of that user. */
  function asOther(source: string, file: string): string {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source, file], {
      uid: OTHER,
      gid: OTHER,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    return stdout
  }

  function theirs(): string {
    const folder = newFolder()
    const file = join(folder, 'sealing-keys.json')
    loadSealingKeys(file, true, new Date())
    for (const path of [folder, file]) chownSync(path, OTHER, OTHER)
    return file
  }

  test('stay that user’s when root rotates them', () => {
    const file = theirs()
    rotateSealingKeys(file, new Date())
    expect(statSync(file)).toMatchObject({ uid: OTHER, gid: OTHER })
    const count = `import { readFileSync } from 'node:fs'
      console.log(JSON.parse(readFileSync(process.argv[1], 'utf8')).keys.length)`
    expect(asOther(count, file)).toBe('2\n')
  })

  test('that are root’s are told in words, and not as damaged', () => {
    const file = theirs()
    chownSync(file, 0, 0)
    const module = new URL('../../../sync/hall/sealing-keys.ts', import.meta.url).href
    const list = `import { listSealingKeys } from ${JSON.stringify(module)}
      try { listSealingKeys(process.argv[1]) } catch (error) { console.log(error.code, error.message) }`
    expect(asOther(list, file)).toMatch(
      /^sealing-keys-forbidden .*cannot be read by the user nobody \(EACCES\): give/,
    )
  })
})

test('a file that could not be read is tried again, and told once', () => {
  const file = join(newFolder(), 'value')
  writeFileSync(file, 'a')
  let readable = true
  const faults: unknown[] = []
  const live = reloadable({
    load: () => {
      if (!readable) throw new Error('unreadable')
      return readFileSync(file, 'utf8')
    },
    fingerprint: () => filesFingerprint([file]),
    settle: false,
    onFault: (error) => faults.push(error),
  })
  readable = false
  writeFileSync(file, 'bb')
  expect([live.look(), live.look(), live.value, faults.length]).toEqual([false, false, 'a', 1])
  readable = true
  expect([live.look(), live.value]).toEqual([true, 'bb'])
  const before = filesFingerprint([file])
  chmodSync(file, 0o640)
  expect(filesFingerprint([file])).not.toBe(before)
})

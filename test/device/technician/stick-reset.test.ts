/** The hall's file for a lost PIN, from the hall's own command over a stick that is really mounted to the device. */
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SetupAction } from '../../../device/http/contract/setup.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { run } from '../../sync/hall/support/command.ts'
import { cheapHash } from '../support/cheap-pin.ts'
import { deviceJson, temporaryFolder } from '../support/house.ts'
import { SILENT } from '../support/silent.ts'
import { eventually, PIN, runDevice } from './support/running.ts'
import { stickBay } from './support/stick.ts'

const BY_STICK: SetupAction = { room: 'access', action: { type: 'reset-by-stick' } }
const LEAVE: SetupAction = { room: 'access', action: { type: 'leave' } }
const setPin = (pin: string): SetupAction => ({ room: 'access', action: { type: 'set-pin', pin } })

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

it('a stick with the hall’s file opens a device without a line, once, and no other device', async () => {
  const { machine, plugIn } = stickBay((clear) => parts.defer(clear))
  const hallFolder = await temporaryFolder(parts)
  const hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  let isOpen = true
  const closeHall = async (): Promise<void> => {
    if (isOpen) await hall.close()
    isOpen = false
  }
  parts.defer(closeHall)
  const folder = await temporaryFolder(parts)
  await mkdir(join(folder, 'data'))
  await writeFile(
    join(folder, 'data', 'technician.json'),
    JSON.stringify({ version: 1, pin: cheapHash(PIN), wrong: 0, triedAt: 0 }),
  )
  const json = deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() })
  await writeFile(join(folder, 'device.json'), JSON.stringify(json))
  const running = await runDevice(parts, { folder, machine })
  await eventually(
    () => readFile(join(running.dataDir, 'technician-hall.json'), 'utf8').catch(() => ''),
    (text) => text !== '',
  )
  const { deviceId } = JSON.parse(readFileSync(join(running.dataDir, 'identity.json'), 'utf8'))
  expect(await running.refused(BY_STICK)).toBe('no-stick')

  const stick = plugIn()
  expect(await running.refused(BY_STICK)).toBe('no-reset-file')
  const made = await run(
    'technician',
    '--data',
    hallFolder,
    '--device',
    deviceId,
    '--file',
    stick.disk.folder,
  )
  expect([made.code, made.err]).toEqual([0, ''])
  await closeHall()
  const file = made.out.trim()
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replaceAll(deviceId, 'P-0009-ZZZZ'))
  expect(await running.refused(BY_STICK)).toBe('reset-file-not-signed')
  expect(await running.refused(setPin('739104'))).toBe('locked')

  writeFileSync(file, text)
  expect((await running.done(BY_STICK)).access).toEqual({ name: 'new' })
  expect((await running.done(setPin('739104'))).access.name).toBe('in')
  await running.done(LEAVE)
  expect(await running.refused(BY_STICK)).toBe('reset-file-used')
  stick.pull()
  expect(['no-stick', 'stick-not-mounted']).toContain(await running.refused(BY_STICK))
})

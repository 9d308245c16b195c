/** Several pads on one machine are several devices: processes of their own, and nothing in common. */

import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Hall } from '../../../sync/hall/hall.ts'
import { ClerkBrowser } from '../support/clerk-browser.ts'
import {
  type DeviceProcess,
  exitOf,
  forkDevice,
  messageOf,
  startDeviceProcess,
} from '../support/device-process.ts'
import { deviceJson, startTestHall, temporaryFolder, WINDOW_TOKEN, windowRequest } from '../support/house.ts'
import { openPad } from '../support/screen.ts'

/** Of everybody in the demonstration hall. */
const PIN = '806417'

const parts = new AsyncDisposableStack()
let hall: Hall
let folder: string

interface Pad extends DeviceProcess {
  dataDir: string
}

const configured = async (
  name: string,
  window: object = {},
): Promise<{ config: string; dataDir: string }> => {
  const json = {
    ...deviceJson({ role: 'pad', hallUrl: hall.url, enrolmentCode: hall.createEnrolmentCode() }),
  }
  const config = join(folder, `${name}.json`)
  const whole = {
    ...json,
    device: { name, window: name },
    window: {
      listen: '127.0.0.1:0',
      tokens: [{ name: 'case system', token: `${WINDOW_TOKEN}-${name}` }],
      ...window,
    },
  }
  await writeFile(config, JSON.stringify(whole))
  return { config, dataDir: join(folder, `data-${name}`) }
}
const start = async (name: string): Promise<Pad> => {
  const { config, dataDir } = await configured(name)
  const pad = await startDeviceProcess(config, dataDir)
  parts.defer(() => pad.kill())
  return { ...pad, dataDir }
}

let pads: [Pad, Pad]
beforeAll(async () => {
  hall = await startTestHall(parts)
  folder = await temporaryFolder(parts)
  // One after the other, as the rest of the suite runs beside: each has its own few seconds to start in.
  pads = [await start('12'), await start('13')]
})
afterAll(() => parts.disposeAsync())

it('ask, pause and sign in beside each other, each with its own token, case and clerk', async () => {
  const screens = await Promise.all(pads.map(({ screenUrl }) => openPad(screenUrl)))
  for (const screen of screens) {
    parts.defer(() => screen.close())
    await screen.until(({ view, hall: known }) => view.name === 'rest' && known !== null)
  }
  const ask = async (at: number, token: string): Promise<number> => {
    const response = await fetch(`${pads[at]?.windowUrl}/window/v1/evaluations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        caseNo: 'NEIGHBOUR1',
        itemCode: '11330099MB0A00010R3',
        itemName: '普通护照申领',
      }),
    })
    await response.body?.cancel()
    return response.status
  }
  expect(await ask(0, `${WINDOW_TOKEN}-12`)).toBe(201)
  await screens[0]?.untilView('asking')
  expect(screens[1]?.state().view.name).toBe('rest')
  expect(await ask(1, `${WINDOW_TOKEN}-12`)).toBe(401)
  expect(await ask(1, `${WINDOW_TOKEN}-13`)).toBe(201)
  expect((await windowRequest(pads[0], 'GET', '/evaluations/x')).status).toBe(401)

  // One browser for both: it keeps cookies by host, whatever the port.
  const clerks = pads.map(({ windowUrl }) => new ClerkBrowser(windowUrl))
  await clerks[0]?.signIn('S012', PIN)
  await clerks[1]?.signIn('S003', PIN)
  const both = clerks.map(({ cookie }) => cookie).join('; ')
  const seen = []
  for (const clerk of clerks) {
    clerk.cookie = both
    seen.push((await clerk.state()).desk?.clerk.staffId)
  }
  expect(seen).toEqual(['S012', 'S003'])
})

it('keep keys and stores of their own', async () => {
  const [one, other] = await Promise.all(
    pads.map(async ({ dataDir }) => ({
      files: await readdir(dataDir),
      identity: JSON.parse(await readFile(join(dataDir, 'identity.json'), 'utf8')),
    })),
  )
  expect(one?.files.filter((name) => /^(identity\.json|store\.sqlite)$/.test(name)).sort()).toEqual([
    'identity.json',
    'store.sqlite',
  ])
  expect(one?.identity.deviceId).not.toBe(other?.identity.deviceId)
})

it('a third one at a port or in a folder of theirs says which, and what to do', async () => {
  const refusedBy = async (config: string, dataDir: string): Promise<[unknown, number | null, string]> => {
    const child = forkDevice(['--config', config, '--data', dataDir])
    parts.defer(() => void child.kill('SIGKILL'))
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    const closed = once(child, 'close')
    const { code } = await messageOf(child)
    const exit = await exitOf(child)
    await closed
    return [code, exit, said]
  }
  const listen = String(pads[0].windowUrl).replace('http://', '')
  const atPort = await configured('14', { listen })
  const inFolder = await configured('15')
  const byPort = await refusedBy(atPort.config, atPort.dataDir)
  const byFolder = await refusedBy(inFolder.config, pads[1].dataDir)
  expect(byPort.slice(0, 2)).toEqual(['port-taken', 1])
  expect(byPort[2]).toContain(
    `window.listen: ${listen} is taken by another program; stop it or choose another port`,
  )
  expect(byFolder[1]).toBe(1)
  expect(byFolder[2]).toContain(pads[1].dataDir)
  expect((await fetch(`${pads[0].windowUrl}/window/clerk/state`)).status).toBe(200)
})

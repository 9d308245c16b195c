/** A hall's own recordings and pictures, from its folder to the pages: a real hall, a real device, real HTTP. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import { toneWav } from '../../ui/sound/tone.ts'
import { startTestDevice, temporaryFolder, windowRequest } from '../support/house.ts'
import { openPad, openTerminal } from '../support/screen.ts'
import { SILENT } from '../support/silent.ts'

const TONE_MS = 20
const PNG = Buffer.from('89504e470d0a1a0a0000000d', 'hex')

let parts: AsyncDisposableStack
let hall: Hall
let folder: string
beforeEach(async () => {
  parts = new AsyncDisposableStack()
  const dataDir = await temporaryFolder(parts)
  folder = join(dataDir, 'content')
  put('sounds/zh/idle-warning.wav', toneWav(TONE_MS))
  hall = await startHall({ dataDir, listen: '127.0.0.1:0', demo: false, logger: SILENT })
  parts.defer(() => hall.close())
})
afterEach(() => parts.disposeAsync())

const put = (path: string, bytes: Buffer | string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), bytes)
}
const start = async (role: 'terminal' | 'pad') => {
  const device = await startTestDevice({
    role,
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  return device
}

test('what the hall puts there is what the page plays, until the hall takes it away', async () => {
  const device = await start('terminal')
  const { origin } = new URL(device.screenUrl)
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  const clips = async (): Promise<Record<string, string>> =>
    (await (await fetch(`${origin}/api/recordings`)).json()) as Record<string, string>
  const first = await screen.until(({ recordings }) => recordings !== null)
  const address = (await clips())['zh/idle-warning']
  const played = await fetch(`${origin}${address}`)
  expect(played.headers.get('content-type')).toBe('audio/wav')
  expect(played.headers.get('cache-control')).toContain('immutable')
  expect(Buffer.from(await played.arrayBuffer())).toEqual(toneWav(TONE_MS))

  put('sounds/zh/idle-warning.wav', toneWav(2 * TONE_MS))
  put('sounds/en/thanks.wav', toneWav(3 * TONE_MS))
  hall.reload()
  await screen.until(({ recordings }) => recordings !== null && recordings !== first.recordings)
  expect(Object.keys(await clips()).sort()).toEqual(['en/thanks', 'zh/idle-warning'])
  // What was there before is handed out no more, and neither is anything else that is asked for.
  for (const path of [address, `/api/media/${'0'.repeat(64)}`, '/api/media/..%2f..%2fstate'])
    expect((await fetch(`${origin}${path}`)).status).toBe(404)

  rmSync(join(folder, 'sounds'), { recursive: true })
  hall.reload()
  await screen.until(({ recordings }) => recordings === null)
  expect(await clips()).toEqual({})
})

test('a picture of whoever sits at the window is shown beside the name', async () => {
  const staff = {
    staffId: 'S012',
    name: '陈知夏',
    post: '综合受理',
    window: '12',
    stars: 5,
    partyBadge: false,
  }
  put('staff.json', JSON.stringify([staff, { ...staff, staffId: 'S013' }]))
  put('images/staff/S012.png', PNG)
  hall.reload()
  const device = await start('pad')
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ view, recordings }) => view.name === 'rest' && recordings !== null)
  const sits = (staffId: string) => windowRequest(device, 'PUT', '/staff', { staffId })
  expect((await sits('S012')).status).toBe(204)
  const { staff: shown } = await screen.until((state) => state.staff?.staffId === 'S012')
  const picture = await fetch(new URL(shown?.photo ?? '', device.screenUrl))
  expect(picture.headers.get('content-type')).toBe('image/png')
  expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG)
  expect((await sits('S013')).status).toBe(204)
  expect((await screen.until((state) => state.staff?.staffId === 'S013')).staff?.photo).toBeNull()
})

import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestDevice, temporaryFolder } from './support/house.ts'

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

it('a device that starts again knows the browser that its first start let in, and no other', async () => {
  const dataDir = await temporaryFolder(parts)
  const start = async () => {
    const options = {
      role: 'pad',
      hallUrl: 'http://127.0.0.1:9',
      dataDir,
      more: { openScreen: false },
    } as const
    const device = await startTestDevice(options)
    parts.defer(() => device.close())
    return device
  }
  const first = await start()
  const opened = await fetch(first.screenUrl, { redirect: 'manual' })
  const cookie = opened.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  await first.close()

  const second = await start()
  const state = (headers: Record<string, string>) =>
    fetch(new URL('/api/state', second.screenUrl), { headers })
  expect((await state({ cookie })).status).toBe(200)
  expect((await state({})).status).toBe(401)
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { enrolledDevice, startTestHall, type TestDevice, type TestHall } from './helpers.ts'
import { run } from './support/command.ts'
import { openLine } from './support/event-line.ts'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  hall = await startTestHall()
  device = await enrolledDevice(hall)
})
afterEach(async () => {
  await hall.close()
  vi.useRealTimers()
})

const open = () => openLine(hall, device)

test('a device is told the versions that it should have as soon as it connects', async () => {
  const stream = await open()
  const { version } = (await device.ask({ method: 'GET', path: '/v1/content' })).json
  expect((await stream.next()).value).toBe(`event: content\ndata: {"version":"${version}"}`)
  expect((await stream.next()).value).toMatch(/^event: settings\ndata: \{"version":"[^"]+"\}$/)
})

test('a comment every 15 seconds keeps the line known to be alive', async () => {
  const stream = await open()
  await stream.next()
  await stream.next()
  vi.advanceTimersByTime(15_000)
  expect((await stream.next()).value).toMatch(/^:/)
  vi.advanceTimersByTime(15_000)
  expect((await stream.next()).value).toMatch(/^:/)
})

test('a device that is revoked loses its line within a minute', async () => {
  const stream = await open()
  await stream.next()
  await stream.next()
  await run('revoke', device.deviceId, '--data', hall.dataDir)
  for (const _ of [1, 2, 3, 4]) {
    vi.advanceTimersByTime(15_000)
    expect((await stream.next()).value).toMatch(/^:/)
  }
  expect((await stream.next()).done).toBe(true)
})

test('a device that opens one line after the other keeps the newest few', async () => {
  const [oldest, ...newer] = [await open(), await open(), await open(), await open(), await open()]
  for (const stream of [oldest, ...newer]) for (const _ of ['content', 'settings']) await stream?.next()
  expect((await oldest?.next())?.done).toBe(true)
  vi.advanceTimersByTime(15_000)
  for (const stream of newer) expect((await stream.next()).value).toMatch(/^:/)
})

test('a hall that closes ends its streams, so that nothing keeps it open', async () => {
  const stream = await open()
  await stream.next()
  await stream.next()
  await hall.hall.close()
  expect((await stream.next()).done).toBe(true)
  hall = await startTestHall()
})

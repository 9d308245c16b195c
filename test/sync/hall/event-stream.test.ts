import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { signEd25519 } from '../../../sync/protocol/keys.ts'
import { signRequest } from '../../../sync/protocol/signature.ts'
import { enrolledDevice, startTestHall, type TestDevice, type TestHall } from './helpers.ts'

let hall: TestHall
let device: TestDevice
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  hall = await startTestHall({ demo: true })
  device = await enrolledDevice(hall)
})
afterEach(async () => {
  await hall.close()
  vi.useRealTimers()
})

async function open(): Promise<AsyncGenerator<string>> {
  const path = `/v1/devices/${device.deviceId}/events`
  const sign = (bytes: Uint8Array): Uint8Array => signEd25519(device.keys.privateKey, bytes)
  const signer = { keyId: device.deviceId, sign }
  const headers = signRequest({ method: 'GET', path, body: null }, signer, new Date())
  const response = await fetch(hall.hall.url + path, { headers })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  return blocks(response)
}

/** The stream block by block, each without its empty line. */
async function* blocks(response: Response): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    const parts = text.split('\n\n')
    text = parts.pop() ?? ''
    yield* parts
  }
}

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

test('a hall that closes ends its streams, so that nothing keeps it open', async () => {
  const stream = await open()
  await stream.next()
  await stream.next()
  await hall.hall.close()
  expect((await stream.next()).done).toBe(true)
  hall = await startTestHall()
})

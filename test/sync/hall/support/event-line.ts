import { expect } from 'vitest'
import { signEd25519 } from '../../../../sync/protocol/keys.ts'
import { signRequest } from '../../../../sync/protocol/signature.ts'
import type { TestDevice, TestHall } from '../helpers.ts'

/** The line that a device keeps open, block by block, each without its empty line. */
export async function openLine({ hall }: TestHall, device: TestDevice): Promise<AsyncGenerator<string>> {
  const path = `/v1/devices/${device.deviceId}/events`
  const sign = (bytes: Uint8Array): Uint8Array => signEd25519(device.keys.privateKey, bytes)
  const signer = { keyId: device.deviceId, sign }
  const headers = signRequest({ method: 'GET', path, body: null }, signer, new Date())
  const response = await fetch(hall.url + path, { headers })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  return blocks(response)
}

async function* blocks(response: Response): AsyncGenerator<string> {
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk)
    const parts = text.split('\n\n')
    text = parts.pop() ?? ''
    yield* parts
  }
}

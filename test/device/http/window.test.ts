import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import type { PadState } from '../../../device/http/contract.ts'
import type { Hall } from '../../../sync/hall/hall.ts'
import {
  startTestDevice,
  startTestHall,
  temporaryFolder,
  WINDOW_TOKEN,
  windowRequest,
} from '../support/house.ts'
import { bodyOf, openPad, type TestScreen } from '../support/screen.ts'

// One pad for all: a hall takes five enrolments a minute. Each test asks for a case of its own.
const parts = new AsyncDisposableStack()
let hall: Hall
let device: Device
let screen: TestScreen<PadState>

beforeAll(async () => {
  hall = await startTestHall(parts)
  device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
})
afterAll(() => parts.disposeAsync())
beforeEach(async () => {
  // A pause and its end cancel a question that a test has left open.
  await windowRequest(device, 'PUT', '/service', { state: 'paused' })
  await windowRequest(device, 'PUT', '/service', { state: 'open' })
  await screen.until(({ view, hall: known }) => view.name === 'rest' && known !== null)
})

const evaluation = (caseNo: string, more: object = {}): object => ({
  caseNo,
  itemCode: '11330099MB0A00010R3000101010000',
  itemName: '普通护照申领',
  ...more,
})
const ask = async (
  caseNo: string,
  more: object = {},
): Promise<{ status: number; body: Record<string, unknown> }> => {
  const response = await windowRequest(device, 'POST', '/evaluations', evaluation(caseNo, more))
  return { status: response.status, body: await bodyOf(response) }
}
const stateOf = async (id: string): Promise<unknown> =>
  (await bodyOf(await windowRequest(device, 'GET', `/evaluations/${id}`))).state

describe('the window interface', () => {
  it('needs a token of this pad on every route', async () => {
    const routes: [string, string][] = [
      ['POST', '/evaluations'],
      ['GET', '/evaluations/x'],
      ['DELETE', '/evaluations/x'],
      ['PUT', '/staff'],
      ['DELETE', '/staff'],
      ['PUT', '/service'],
      ['PUT', '/serving'],
      ['GET', '/events'],
      ['GET', '/nowhere'],
    ]
    for (const [method, path] of routes) {
      for (const authorization of [
        undefined,
        'Bearer',
        'Bearer wrong',
        `Basic ${WINDOW_TOKEN}`,
        `Bearer ${WINDOW_TOKEN}x`,
      ]) {
        const response = await fetch(`${device.windowUrl}/window/v1${path}`, {
          method,
          headers: authorization === undefined ? {} : { authorization },
        })
        expect(response.status, `${method} ${path} with ${authorization}`).toBe(401)
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
        await response.body?.cancel()
      }
    }
  })

  it('asks, and asks the same again for the same', async () => {
    const first = await ask('CASE2N1')
    expect(first.status).toBe(201)
    expect(first.body).toEqual({ id: expect.any(String), state: 'waiting', expiresAt: expect.any(String) })
    const again = await ask('CASE2N1')
    expect([again.status, again.body.id]).toEqual([200, first.body.id])
    const { view } = await screen.untilView('asking')
    expect(view).toMatchObject({ evaluationId: first.body.id, itemName: '普通护照申领', anonymous: false })
  })

  it('is busy while another question is open, and the first is unharmed', async () => {
    const first = await ask('CASE3N1')
    const second = await ask('CASE3N2')
    expect([second.status, second.body.code]).toEqual([409, 'busy'])
    expect(screen.state().view).toMatchObject({ evaluationId: first.body.id })
    expect(await stateOf(String(first.body.id))).toBe('waiting')
    const replaced = await ask('CASE3N2', { replace: true })
    expect(replaced.status).toBe(201)
    expect(await stateOf(String(first.body.id))).toBe('cancelled')
  })

  it('learns that it was answered when the pad is back at rest, and never how', async () => {
    const { body } = await ask('CASE4N1')
    const id = String(body.id)
    await screen.untilView('asking')
    await screen.act({ type: 'choose-level', evaluationId: id, level: 'very-dissatisfied' })
    const { view } = await screen.untilView('labels')
    expect(await stateOf(id)).toBe('waiting')
    await screen.act({
      type: 'finish',
      evaluationId: id,
      labels: [view.labels[0]?.code ?? ''],
      comment: null,
    })
    await screen.untilView('thanks')
    expect(await stateOf(id)).toBe('waiting')
    await screen.untilView('rest')
    const response = await windowRequest(device, 'GET', `/evaluations/${id}`)
    expect(await bodyOf(response)).toEqual({ id, state: 'rated' })
    const again = await ask('CASE4N1')
    expect([again.status, again.body.code]).toEqual([409, 'already-rated'])
    expect((await screen.untilView('already-rated')).view).toEqual({ name: 'already-rated' })
  })

  it('refuses a label of another level, and the page stays', async () => {
    const { body } = await ask('CASE5N1')
    const id = String(body.id)
    await screen.untilView('asking')
    await screen.act({ type: 'choose-level', evaluationId: id, level: 'satisfied' })
    const response = await screen.act({ type: 'finish', evaluationId: id, labels: ['108'], comment: null })
    expect([response.status, (await bodyOf(response)).code]).toEqual([400, 'unknown-label'])
    expect(screen.state().view.name).toBe('labels')
    expect((await screen.act({ type: 'finish', evaluationId: id, labels: [], comment: null })).status).toBe(
      200,
    )
  })

  it('cancels, and knows no other id', async () => {
    const { body } = await ask('CASE6N1')
    expect((await windowRequest(device, 'DELETE', `/evaluations/${body.id}`)).status).toBe(204)
    await screen.untilView('rest')
    expect(await stateOf(String(body.id))).toBe('cancelled')
    expect((await windowRequest(device, 'DELETE', '/evaluations/made-up')).status).toBe(404)
    expect((await windowRequest(device, 'GET', '/evaluations/made-up')).status).toBe(404)
  })

  it('signs staff in and out, pauses, opens, and shows the number served', async () => {
    expect((await windowRequest(device, 'PUT', '/staff', { staffId: 'S012', pin: '0000' })).status).toBe(204)
    expect((await screen.until(({ staff }) => staff !== null)).staff).toMatchObject({
      staffId: 'S012',
      name: '陈知夏',
    })
    const unknown = await windowRequest(device, 'PUT', '/staff', { staffId: 'S999' })
    expect([unknown.status, (await bodyOf(unknown)).code]).toEqual([404, 'unknown-staff'])
    expect((await windowRequest(device, 'PUT', '/serving', { ticketNo: 'A018' })).status).toBe(204)
    await screen.until(({ view }) => view.name === 'rest' && view.servingTicketNo === 'A018')
    expect(
      (await windowRequest(device, 'PUT', '/service', { state: 'paused', message: '请到 11 号窗口' })).status,
    ).toBe(204)
    expect((await screen.untilView('paused')).view).toEqual({ name: 'paused', message: '请到 11 号窗口' })
    expect((await ask('CASE7N1')).body.code).toBe('paused')
    expect((await windowRequest(device, 'PUT', '/service', { state: 'open' })).status).toBe(204)
    expect((await windowRequest(device, 'DELETE', '/staff')).status).toBe(204)
    await screen.until(({ view, staff }) => view.name === 'rest' && staff === null)
  })

  it('streams the changes of state', async () => {
    const closing = new AbortController()
    const stream = await fetch(`${device.windowUrl}/window/v1/events`, {
      headers: { authorization: `Bearer ${WINDOW_TOKEN}` },
      signal: closing.signal,
    })
    const { body } = await ask('CASE8N1')
    await windowRequest(device, 'DELETE', `/evaluations/${body.id}`)
    await windowRequest(device, 'PUT', '/serving', { ticketNo: 'A019' })
    let text = ''
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString('utf8')
      if (text.includes('A019')) break
    }
    closing.abort()
    expect(text).toBe(
      `event: evaluation\ndata: {"id":"${body.id}","state":"waiting"}\n\n` +
        `event: evaluation\ndata: {"id":"${body.id}","state":"cancelled"}\n\n` +
        'event: serving\ndata: {"ticketNo":"A019"}\n\n',
    )
  })

  it('says what is wrong with a body, without its values', async () => {
    const wrong: [object, string][] = [
      [{ ...evaluation('CASE9N1'), level: 5 }, 'unknown: level'],
      [evaluation('CASE 1'), 'caseNo'],
      [evaluation('CASE9N1', { itemName: 'a\u0000b' }), 'itemName'],
      [evaluation('CASE9N1', { itemName: '\ud800' }), 'itemName'],
      [evaluation('CASE9N1', { assessNumber: 3 }), 'assessNumber'],
      [evaluation('CASE9N1', { user: '林晚舟' }), 'user'],
      [{}, 'caseNo'],
    ]
    for (const [body, place] of wrong) {
      const response = await windowRequest(device, 'POST', '/evaluations', body)
      const problem = await bodyOf(response)
      expect([response.status, problem.code], JSON.stringify(body)).toEqual([400, 'body-invalid'])
      expect(problem.detail).toContain(place)
      expect(JSON.stringify(problem)).not.toContain('林晚舟')
    }
  })

  it('lets a browser in from the origins of its token only', async () => {
    const preflight = (origin: string) =>
      fetch(`${device.windowUrl}/window/v1/evaluations`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      })
    const allowed = await preflight('http://clerk.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'http://clerk.example',
    ])
    const strange = await preflight('http://evil.example')
    expect([strange.status, strange.headers.get('access-control-allow-origin')]).toEqual([403, null])
    const request = (origin: string) =>
      fetch(`${device.windowUrl}/window/v1/staff`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${WINDOW_TOKEN}`, origin },
      })
    expect((await request('http://clerk.example')).status).toBe(204)
    const refused = await request('http://evil.example')
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([403, 'origin-not-allowed'])
  })

  it('takes a person in plain on this machine, and seals them before the question opens', async () => {
    const user = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }
    expect((await ask('CASE11N1', { user })).status).toBe(201)
    expect(JSON.stringify(screen.state())).not.toContain('林晚舟')
  })
})

it('a pad that is not enrolled answers its window with 503, and shows that it is not in use', async () => {
  const other = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => other.close())
  const response = await windowRequest(other, 'POST', '/evaluations', evaluation('CASE11N1'))
  expect([response.status, (await bodyOf(response)).code]).toEqual([503, 'not-enrolled'])
  const page = await openPad(other.screenUrl)
  parts.defer(() => page.close())
  expect(page.state().view).toEqual({ name: 'not-enrolled' })
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import type { PadState } from '../../../device/http/contract.ts'
import { startTestDevice, temporaryFolder, WINDOW_TOKEN, windowRequest } from '../support/house.ts'
import { evaluation, type PadAtWindow, startPadAtWindow } from '../support/pad-at-window.ts'
import { bodyOf, openPad, type TestScreen } from '../support/screen.ts'

// One pad for all: a hall takes five enrolments a minute. Each test asks for a case of its own.
const parts = new AsyncDisposableStack()
let pad: PadAtWindow
let device: Device
let screen: TestScreen<PadState>

beforeAll(async () => {
  pad = await startPadAtWindow(parts)
  device = pad.device
  screen = pad.screen
})
afterAll(() => parts.disposeAsync())

const ask = (...given: Parameters<PadAtWindow['ask']>) => pad.ask(...given)
const stateOf = (id: string) => pad.stateOf(id)

describe('the window interface', () => {
  beforeEach(() => pad.clear())

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

  it('cancels, and knows no other id', async () => {
    const { body } = await ask('CASE6N1')
    expect((await windowRequest(device, 'DELETE', `/evaluations/${body.id}`)).status).toBe(204)
    await screen.untilView('rest')
    expect(await stateOf(String(body.id))).toBe('cancelled')
    expect((await windowRequest(device, 'DELETE', '/evaluations/made-up')).status).toBe(404)
    expect((await windowRequest(device, 'GET', '/evaluations/made-up')).status).toBe(404)
  })

  it('signs staff in and out, pauses, opens, and shows the number served', async () => {
    expect((await windowRequest(device, 'PUT', '/staff', { staffId: 'S012' })).status).toBe(204)
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

  it('streams what stands, and then each change of it', async () => {
    const standing = await ask('CASE8N0')
    await windowRequest(device, 'PUT', '/serving', { ticketNo: 'A020' })
    await windowRequest(device, 'PUT', '/staff', { staffId: 'S012' })
    const closing = new AbortController()
    const stream = await fetch(`${device.windowUrl}/window/v1/events`, {
      headers: { authorization: `Bearer ${WINDOW_TOKEN}` },
      signal: closing.signal,
    })
    await windowRequest(device, 'DELETE', '/staff')
    await windowRequest(device, 'DELETE', `/evaluations/${standing.body.id}`)
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
      'event: staff\ndata: {"staffId":"S012"}\n\n' +
        'event: service\ndata: {"state":"open","message":null}\n\n' +
        'event: serving\ndata: {"ticketNo":"A020"}\n\n' +
        `event: evaluation\ndata: {"id":"${standing.body.id}","state":"waiting"}\n\n` +
        'event: staff\ndata: {"staffId":null}\n\n' +
        `event: evaluation\ndata: {"id":"${standing.body.id}","state":"cancelled"}\n\n` +
        `event: evaluation\ndata: {"id":"${body.id}","state":"waiting"}\n\n` +
        `event: evaluation\ndata: {"id":"${body.id}","state":"cancelled"}\n\n` +
        'event: serving\ndata: {"ticketNo":"A019"}\n\n',
    )
  })

  it('asks again for another service, and for the second rating, of the same case', async () => {
    const first = await ask('CASE14N1')
    const service = await ask('CASE14N1', { serviceNumber: 2, replace: true })
    const followUp = await ask('CASE14N1', { assessNumber: 2, replace: true })
    expect([first, service, followUp].map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set([first, service, followUp].map(({ body }) => body.id)).size).toBe(3)
  })

  it('takes a person in plain on this machine, and seals them before the question opens', async () => {
    const user = { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null }
    expect((await ask('CASE11N1', { user })).status).toBe(201)
    expect(JSON.stringify(screen.state())).not.toContain('林晚舟')
  })

  // The last one: thanks and refusals stand for seconds, and nobody waits for their end.
  it('learns that it was answered when the pad is back at rest, and never how; no label of another level is taken', async () => {
    const { body } = await ask('CASE4N1')
    const id = String(body.id)
    await screen.untilView('asking')
    await screen.act({ type: 'choose-level', evaluationId: id, level: 'very-dissatisfied' })
    const { view } = await screen.untilView('labels')
    expect(await stateOf(id)).toBe('waiting')
    const refused = await screen.act({ type: 'finish', evaluationId: id, labels: ['510'], comment: null })
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([400, 'unknown-label'])
    expect(screen.state().view.name).toBe('labels')
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
})

it('a pad that is not enrolled answers its window with 503, and shows that it is not in use', async () => {
  const other = await startTestDevice({
    role: 'pad',
    hallUrl: pad.hall.url,
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => other.close())
  const response = await windowRequest(other, 'POST', '/evaluations', evaluation('CASE11N1'))
  expect([response.status, (await bodyOf(response)).code]).toEqual([503, 'not-enrolled'])
  const page = await openPad(other.screenUrl)
  parts.defer(() => page.close())
  expect(page.state().view).toEqual({ name: 'not-enrolled' })
})

import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startEventLine } from '../../sync/event-line.ts'
import { createHallClient } from '../../sync/hall-client.ts'
import { verifyRequest } from '../../sync/protocol/signature.ts'
import { startUplink } from '../../sync/uplink.ts'
import { DEVICE, openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerProblem, type Handler, type Received, startHallStub } from './support/hall-stub.ts'
import { moment, until } from './support/until.ts'

const HURRY = () => 0.01

function open(response: ServerResponse, first = ''): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(`: here\n\n${first}`)
}

async function started(handler: Handler, silenceMs = 5_000, random = HURRY) {
  const stub = await startHallStub(handler)
  const device = openTestDevice(testFolder())
  const line = createHallClient({ url: stub.url, identity: device.identity })
  const told: string[] = []
  const uplink = { lineReturned: () => told.push('returned'), lineLost: () => told.push('lost') }
  const troubles: unknown[] = []
  const onTrouble = (error: unknown) => troubles.push(error)
  const events = startEventLine({ line, deviceId: DEVICE, uplink, silenceMs, random, onTrouble })
  onTestFinished(() => events.close())
  return { stub, device, line, events, told, troubles }
}

describe('the line to the hall', () => {
  it('is asked for by a signed request and is up when it is answered', async () => {
    const { stub, device, events, told } = await started((_, response) => open(response))
    expect(events.status()).toEqual({ line: 'down', reason: null })
    await until(() => events.status().line === 'up')
    const [received] = stub.received as [Received]
    expect(received).toMatchObject({ method: 'GET', path: `/v1/devices/${DEVICE}/events` })
    expect(await verifyRequest(received, () => device.identity.publicKey, new Date())).toMatchObject({
      ok: true,
    })
    expect(told).toEqual(['returned'])
  })

  it('tells what content and settings the hall has, and nothing it does not know', async () => {
    const seen: (string | null)[][] = []
    let response: ServerResponse | undefined
    const { events } = await started((_, opened) => {
      open(opened)
      response = opened
    })
    events.on('content', (version) => seen.push(['content', version]))
    const stop = events.on('settings', (version) => seen.push(['settings', version]))
    await until(() => response !== undefined)
    response?.write('event: content\ndata: {"version":"7"}\n\nevent: weather\ndata: {"version":"rain"}\n\n')
    response?.write('event: settings\ndata: {"version":null}\n\nevent: content\ndata: nonsense\n\n')
    response?.write('event: content\ndata: {"version":""}\n\n')
    await until(() => seen.length === 2)
    stop()
    response?.write('event: settings\ndata: {"version":"2"}\n\nevent: content\ndata: {"version":"8"}\n\n')
    await until(() => seen.length === 3)
    expect(seen).toEqual([
      ['content', '7'],
      ['settings', null],
      ['content', '8'],
    ])
  })

  it('is down at once when the hall closes it, and comes back by itself', async () => {
    let opened = 0
    const { events, told } = await started((_, response) => {
      opened += 1
      open(response)
      if (opened === 1) response.end()
    })
    const changes: string[] = []
    events.onChange(({ line, reason }) => changes.push(`${line} ${reason}`))
    await until(() => opened === 2 && events.status().line === 'up')
    expect(told).toEqual(['returned', 'lost', 'returned'])
    expect(changes).toEqual(['up null', 'down closed', 'up null'])
  })

  it('is down when it is torn, and up again when the hall is', async () => {
    const { stub, events } = await started((_, response) => open(response))
    await until(() => events.status().line === 'up')
    await stub.cut()
    await until(() => events.status().line === 'down')
    await until(() => events.status().reason === 'no-line')
    await stub.listen()
    await until(() => events.status().line === 'up')
  })

  it('is down after a silence, though nothing was closed', async () => {
    const { events, stub } = await started((_, response) => open(response), 60)
    await until(() => events.status().line === 'up')
    await until(() => events.status().reason === 'silence')
    await until(() => stub.received.length >= 2)
  })

  it('stays up while there is a comment now and then', async () => {
    const changes: string[] = []
    let comments = 0
    const { events } = await started((_, response) => {
      open(response)
      const timer = setInterval(() => {
        response.write(':\n\n')
        comments += 1
      }, 20)
      response.on('close', () => clearInterval(timer))
    }, 1_000)
    events.onChange(({ line }) => changes.push(line))
    await until(() => comments >= 60)
    expect(changes).toEqual(['up'])
  })

  it.each([
    ['refused', 'refused', ((_, response) => answerProblem(response, 403, 'revoked')) as Handler],
    [
      'answered by a page',
      'strange-answer',
      ((_, response) => void response.writeHead(200).end('hello')) as Handler,
    ],
    [
      'answered by a proxy',
      'strange-answer',
      ((_, response) => void response.writeHead(502).end()) as Handler,
    ],
  ])('that is %s is down and not asked for in a ring', async (_, reason, handler) => {
    const { events, stub, told } = await started(handler, 5_000, () => 0.999)
    await until(() => events.status().reason === reason)
    await moment()
    expect(events.status().line).toBe('down')
    expect(stub.received).toHaveLength(1)
    expect(told).toEqual([])
  })

  it('that is dropped as soon as it stands is asked for more and more slowly', async () => {
    const jitter = [0, 0, 0]
    const { stub } = await started(
      (_, response) => {
        open(response, 'event: content\ndata: {"version":"1"}\n\n')
        response.end()
      },
      5_000,
      () => jitter.shift() ?? 0.2,
    )
    await until(() => stub.received.length === 4)
    // A fifth of the first bound would be over by then, a fifth of the fourth is far from it.
    for (let time = 0; time < 3; time += 1) await moment()
    expect(stub.received).toHaveLength(4)
  })

  it('that pours without end is cut', async () => {
    const { events } = await started((_, response) => {
      open(response)
      response.write('x'.repeat(400 * 1024))
    })
    await until(() => events.status().reason === 'too-much')
  })

  it('outlives a listener that throws', async () => {
    const { events, troubles } = await started((_, response) =>
      open(response, 'event: content\ndata: {"version":"1"}\n\n'),
    )
    events.on('content', () => {
      throw new Error('no room')
    })
    await until(() => troubles.length === 1)
    expect(events.status().line).toBe('up')
  })

  it('closes while it stands, and while it is tried', async () => {
    const { events } = await started((_, response) => open(response))
    await until(() => events.status().line === 'up')
    await events.close()
    const { events: trying } = await started(() => {})
    await trying.close()
  })
})

it('what waits on a cut line is at the hall as soon as the line is back', async () => {
  let stored = 0
  const { stub, device, line } = await started((request, response) => {
    if (request.method === 'GET') return open(response)
    stored += 1
    answerProblem(response, 403, 'revoked')
  })
  await stub.cut()
  // Waits that no test outlasts: only the event line's word makes the uplink try again.
  const uplink = startUplink({ outbox: device.outbox, line, random: () => 1_000 })
  const events = startEventLine({ line, deviceId: DEVICE, uplink, random: HURRY })
  onTestFinished(async () => {
    await events.close()
    await uplink.close()
  })
  device.append(1)
  await until(() => uplink.status().line === 'down')
  await stub.listen()
  await until(() => stored === 1)
})

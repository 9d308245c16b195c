import { describe, expect, it } from 'vitest'
import { formatSequence } from '../../sync/protocol/identifiers.ts'
import { answerJson, answerProblem } from './support/hall-stub.ts'
import { moment, until } from './support/until.ts'
import { type Answer, sent, started, state, stored } from './support/uplink.ts'

describe('an answer that is not the one agreed', () => {
  const strange: [string, Answer][] = [
    ['202', (_, response) => answerJson(response, 202, {})],
    ['204', (_, response) => void response.writeHead(204).end()],
    [
      'a page',
      (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'),
    ],
    ['a redirect', (_, response) => void response.writeHead(302, { location: '/' }).end()],
    [
      'no media type',
      (batch, response) => void response.writeHead(200).end(JSON.stringify({ epoch: batch.epoch })),
    ],
    ['half a body', (_, response) => answerJson(response, 200, { epoch: 1 })],
    ['another epoch', (batch, response) => stored(response, batch, { epoch: 2 })],
    [
      'a through past what was sent',
      (batch, response) => stored(response, batch, { through: formatSequence(3) }),
    ],
    [
      'a rejection of what was never sent',
      (batch, response) =>
        stored(response, batch, { rejected: [{ sequence: formatSequence(9), code: 'x', detail: '' }] }),
    ],
    [
      'a reason that is no code',
      (batch, response) =>
        stored(response, batch, { rejected: [{ sequence: formatSequence(1), code: '不收\n', detail: '' }] }),
    ],
    [
      'one event rejected twice',
      (batch, response) => {
        const one = { sequence: formatSequence(1), code: 'schema', detail: '' }
        stored(response, batch, { stored: 0, rejected: [one, one] })
      },
    ],
    ['none of it counted', (batch, response) => stored(response, batch, { stored: 0 })],
    ['more counted than was sent', (batch, response) => stored(response, batch, { duplicate: 1 })],
    ['nothing gained', (batch, response) => stored(response, batch, { through: formatSequence(0) })],
    ['a 403 of a proxy', (_, response) => void response.writeHead(403).end('blocked')],
    ['a 413 of a proxy', (_, response) => void response.writeHead(413).end('too large')],
    ['a 401 of a proxy', (_, response) => void response.writeHead(401).end()],
    ['a 409 that is no fork', (_, response) => answerProblem(response, 409, 'busy')],
    ['404', (_, response) => answerProblem(response, 404, 'not-found')],
  ]

  it.each(strange)('%s: releases nothing and is tried again', async (_, answer) => {
    let last = () => {}
    const { device, uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth <= 2) answer(batch, response, nth)
        else last = () => stored(response, batch)
      },
      { facts: 2 },
    )
    await until(() => batches.length === 3)
    expect(uplink.status()).toMatchObject({ line: 'down', reason: 'strange-answer', backlog: 2 })
    expect(device.outbox.backlog().count).toBe(2)
    last()
    await sent(uplink)
    expect(batches.map(({ first, last }) => [first, last])).toEqual(new Array(3).fill([1, 2]))
    expect(uplink.status()).toMatchObject({ reason: null, alarm: false })
  })

  it('is an alarm after ten minutes', async () => {
    let steady = 0
    const { uplink, batches } = await started((_, response) => answerJson(response, 202, {}), {
      facts: 1,
      monotonic: () => steady,
    })
    await until(() => batches.length >= 2)
    expect(uplink.status()).toMatchObject({ reason: 'strange-answer', alarm: false, line: 'down' })
    steady = 10 * 60_000
    await until(() => uplink.status().alarm)
  })

  it('is an alarm after ten minutes though the line fails now and then; only the hall itself ends it', async () => {
    let steady = 0
    let sound = false
    const seen: string[] = []
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        seen.push(`${uplink.status().reason}`)
        steady += 2 * 60_000
        if (sound) stored(response, batch)
        else if (nth % 3 === 0) response.destroy()
        else answerJson(response, 202, {})
      },
      { facts: 1, monotonic: () => steady },
    )
    await until(() => uplink.status().alarm)
    expect(seen).toContain('no-line')
    const asked = batches.length
    await until(() => batches.length > asked + 3)
    expect(uplink.status().alarm).toBe(true)
    sound = true
    await sent(uplink)
    expect(uplink.status()).toMatchObject({ reason: null, alarm: false })
  })
})

describe('a hall that is busy', () => {
  it.each([500, 503, 408, 429])('with %i is asked again after what it says', async (status) => {
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth > 1) stored(response, batch)
        else answerProblem(response, status, 'internal', {}, { 'retry-after': '0' })
      },
      { facts: 1 },
    )
    await sent(uplink)
    expect(batches).toHaveLength(2)
  })

  it('keeps a device waiting as long as it asks, with the line up', async () => {
    const { uplink, batches } = await started(
      (_, response) => answerProblem(response, 503, 'internal', {}, { 'retry-after': '600' }),
      { facts: 1 },
    )
    await state(uplink, 'waiting')
    uplink.wake()
    uplink.lineReturned()
    await moment()
    expect(uplink.status()).toMatchObject({ state: 'waiting', line: 'up', reason: 'hall-busy' })
    expect(batches).toHaveLength(1)
  })
})

describe('Retry-After', () => {
  it('is waited out in full, and then for a little more that differs from device to device', async () => {
    const arrivals: number[] = []
    const { uplink } = await started(
      (batch, response, nth) => {
        arrivals.push(performance.now())
        if (nth === 1) answerProblem(response, 429, 'hall-busy', {}, { 'retry-after': '1' })
        else stored(response, batch)
      },
      { facts: 1 },
    )
    await sent(uplink)
    expect(Number(arrivals[1]) - Number(arrivals[0])).toBeGreaterThanOrEqual(1_000)
  })
})

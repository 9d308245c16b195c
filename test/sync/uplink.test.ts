import { describe, expect, it } from 'vitest'
import { formatSequence } from '../../sync/protocol/identifiers.ts'
import { answerJson, answerProblem } from './support/hall-stub.ts'
import { moment, until } from './support/until.ts'
import { type Answer, sent, started, state, stored } from './support/uplink.ts'

describe('a fact', () => {
  it('is on its way as soon as its transaction is done', async () => {
    const { device, uplink, batches } = await started((batch, response) => stored(response, batch))
    expect(uplink.status()).toEqual({
      line: 'up',
      state: 'idle',
      reason: null,
      alarm: false,
      backlog: 0,
      lastStoredAt: null,
    })
    device.append(1)
    await sent(uplink)
    expect(batches).toHaveLength(1)
    expect(uplink.status().lastStoredAt).toMatch(/^\d{4}-/)
  })

  it('waits for the batch under way, and nothing overtakes it', async () => {
    const answers: (() => void)[] = []
    const { device, uplink, batches } = await started((batch, response) => {
      answers.push(() => stored(response, batch))
    })
    device.append(1)
    await until(() => batches.length === 1)
    device.append(2)
    uplink.wake()
    await moment()
    expect(batches).toHaveLength(1)
    answers[0]?.()
    await until(() => batches.length === 2)
    expect(batches[1]).toMatchObject({ first: 2, last: 3 })
    answers[1]?.()
    await sent(uplink)
  })

  it('after a month without a line goes in order, in batches of 500', async () => {
    const { device, uplink, batches } = await started((batch, response) => stored(response, batch), {
      facts: 1203,
    })
    await sent(uplink)
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 500],
      [501, 1000],
      [1001, 1203],
    ])
    expect(device.outbox.backlog().count).toBe(0)
  })
})

describe('with a backlog', () => {
  it('one batch is under way at a time, and the next is on its way at once', async () => {
    const answers: (() => void)[] = []
    const { uplink, batches, device } = await started(
      (batch, response) => void answers.push(() => stored(response, batch)),
      { facts: 1_500 },
    )
    for (let nth = 1; nth <= 3; nth += 1) {
      await until(() => batches.length === nth)
      await moment()
      expect(batches).toHaveLength(nth)
      answers[nth - 1]?.()
    }
    await sent(uplink)
    expect(batches.map(({ first }) => first)).toEqual([1, 501, 1001])
    expect(device.outbox.backlog().count).toBe(0)
  })

  it('what one answer asks for goes before what was made ready meanwhile', async () => {
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        const missing = nth === 2 ? { missing: [formatSequence(7)] } : {}
        stored(response, batch, missing)
      },
      { facts: 1_500 },
    )
    await sent(uplink)
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 500],
      [501, 1000],
      [7, 7],
      [1001, 1500],
    ])
  })

  it('a refusal in the middle is heeded before anything further is sent', async () => {
    let refused = false
    const { uplink, batches } = await started(
      (batch, response) => {
        if (batch.first === 501 && !refused) {
          refused = true
          return answerProblem(response, 503, 'internal', {}, { 'retry-after': '0' })
        }
        stored(response, batch)
      },
      { facts: 1_500 },
    )
    await sent(uplink)
    expect(batches.map(({ first }) => first)).toEqual([1, 501, 501, 1001])
  })
})

describe('no answer', () => {
  it('is tried again until there is one; nothing is lost or sent out of order', async () => {
    const { stub, device, uplink, batches } = await started((batch, response) => stored(response, batch))
    await stub.cut()
    device.append(12)
    await until(() => uplink.status().line === 'down')
    expect(uplink.status()).toMatchObject({ reason: 'no-line', backlog: 12, alarm: false })
    await stub.listen()
    await sent(uplink)
    expect(uplink.status()).toMatchObject({ line: 'up', reason: null })
    expect(batches[0]).toMatchObject({ first: 1, last: 8 })
    expect(batches.flatMap((batch) => batch.texts)).toHaveLength(12)
  })

  it('before the answer arrives makes a duplicate, which is success', async () => {
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth === 1) response.destroy()
        else stored(response, batch, { stored: 0, duplicate: batch.texts.length })
      },
      { facts: 2 },
    )
    await sent(uplink)
    expect(batches).toHaveLength(2)
    expect(batches[1]).toEqual(batches[0])
  })

  it('that hangs on a dead line is given up the moment the line is back', async () => {
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth > 1) stored(response, batch)
      },
      { facts: 1 },
    )
    await until(() => batches.length === 1)
    uplink.lineLost()
    expect(uplink.status().line).toBe('down')
    uplink.lineReturned()
    await sent(uplink)
    expect(batches).toHaveLength(2)
  })

  it('on a line that comes and goes is given up once, and then waited for', async () => {
    const answers: (() => void)[] = []
    const { device, uplink, batches } = await started(
      (batch, response) => void answers.push(() => stored(response, batch)),
      { facts: 20 },
    )
    const comeAndGo = () => {
      uplink.lineLost()
      uplink.lineReturned()
    }
    await until(() => batches.length === 1)
    comeAndGo()
    await until(() => batches.length === 2)
    for (let time = 0; time < 3; time += 1) {
      comeAndGo()
      await moment()
    }
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 20],
      [1, 8],
    ])
    answers[1]?.()
    await until(() => batches.length === 3)
    expect(batches[2]).toMatchObject({ first: 9, last: 20 })
    comeAndGo()
    await until(() => batches.length === 4)
    answers[3]?.()
    await until(() => batches.length === 5)
    answers[4]?.()
    await sent(uplink)
    expect(device.outbox.backlog().count).toBe(0)
  })

  it('to a small batch is waited for no longer than to a probe, though the line was thought good', async () => {
    const { uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth > 1) stored(response, batch)
      },
      { facts: 8 },
    )
    await until(() => batches.length === 1)
    expect(uplink.status().line).toBe('up')
    await sent(uplink)
    expect(batches[1]).toEqual(batches[0])
  })
})

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

describe('what the hall misses', () => {
  it('is sent again, once for each time the line stands', async () => {
    const { uplink, batches, device } = await started(
      (batch, response, nth) => {
        stored(response, batch, nth === 1 ? {} : { missing: [formatSequence(2), formatSequence(3)] })
      },
      { facts: 3 },
    )
    await sent(uplink)
    device.append(1)
    await until(() => batches.length === 3)
    await sent(uplink)
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 3],
      [4, 4],
      [2, 3],
    ])
  })
})

it('closing in the middle of a batch leaves it for the next start', async () => {
  const { device, uplink, batches } = await started(() => {}, { facts: 2 })
  await until(() => batches.length === 1)
  await uplink.close()
  expect(device.outbox.nextBatch()).toMatchObject({ first: 1, last: 2 })
})

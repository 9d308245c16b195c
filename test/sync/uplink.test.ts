import { describe, expect, it } from 'vitest'
import { formatSequence } from '../../sync/protocol/identifiers.ts'
import { answerProblem } from './support/hall-stub.ts'
import { moment, until } from './support/until.ts'
import { sent, started, stored } from './support/uplink.ts'

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
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 8],
      [1, 4],
      [5, 8],
    ])
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

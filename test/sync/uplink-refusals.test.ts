import { describe, expect, it } from 'vitest'
import { formatSequence } from '../../sync/protocol/identifiers.ts'
import { answerProblem } from './support/hall-stub.ts'
import { moment } from './support/until.ts'
import { type Answer, sent, started, state, stored } from './support/uplink.ts'

describe('an event that the hall refuses', () => {
  it.each([400, 413])('with %i is found by halving and set aside, and all others arrive', async (status) => {
    const arrived = new Set<number>()
    const { device, uplink, batches } = await started(
      (batch, response) => {
        if (batch.first <= 13 && batch.last >= 13) return answerProblem(response, status, 'batch-malformed')
        for (let one = batch.first; one <= batch.last; one += 1) arrived.add(one)
        stored(response, batch)
      },
      { facts: 40 },
    )
    await sent(uplink)
    expect([...arrived].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 41 }, (_, i) => i + 1).filter((one) => one !== 13),
    )
    expect(batches.length).toBeLessThan(20)
    expect(device.outbox.head()?.sequence).toBe(formatSequence(41))
    const told = batches.flatMap((batch) => batch.texts).find((text) => text.includes('set-aside'))
    expect(JSON.parse(told ?? '').data).toMatchObject({
      sequence: formatSequence(13),
      reason: 'batch-malformed',
    })
  })

  it('by name in its answer is set aside, and the rest is let go', async () => {
    const { device, uplink, batches } = await started(
      (batch, response, nth) => {
        if (nth > 1) return stored(response, batch)
        const rejected = [{ sequence: formatSequence(2), code: 'schema', detail: 'data.level' }]
        stored(response, batch, { stored: 2, rejected })
      },
      { facts: 3 },
    )
    await sent(uplink)
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 3],
      [4, 4],
    ])
    expect(JSON.parse(batches[1]?.texts[0] ?? '').data).toMatchObject({ fact: 'set-aside', reason: 'schema' })
    expect(device.outbox.sendAgain(1, [2])).toBe(0)
  })

  it('three times in a row stops the sending; facts are kept', async () => {
    const { device, uplink, batches } = await started(
      (_, response) => answerProblem(response, 400, 'batch-malformed'),
      {
        facts: 1,
      },
    )
    await state(uplink, 'stopped')
    expect(batches).toHaveLength(3)
    expect(uplink.status()).toMatchObject({ reason: 'three-set-aside', alarm: true })
    device.append(1)
    expect(uplink.status()).toMatchObject({ state: 'stopped', backlog: 2 })
  })
})

describe('a hall that names many events as refused', () => {
  const refusing = (sequences: readonly number[]): Answer => {
    return (batch, response) => {
      const refused = sequences.filter((one) => one >= batch.first && one <= batch.last)
      const rejected = refused.map((one) => ({
        sequence: formatSequence(one),
        code: 'unknown-type',
        detail: '',
      }))
      stored(response, batch, { stored: batch.texts.length - rejected.length, rejected })
    }
  }
  const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)

  it('one after the other has three set aside and is sent nothing more; the others are kept', async () => {
    let answer = refusing(range(1, 900))
    const { device, uplink, batches } = await started((...all) => answer(...all), { facts: 600 })
    await state(uplink, 'stopped')
    expect(batches).toHaveLength(1)
    expect(uplink.status()).toMatchObject({ reason: 'three-set-aside', alarm: true, backlog: 600 })
    answer = (batch, response) => stored(response, batch)
    uplink.resume()
    await sent(uplink)
    expect(batches.slice(1).map(({ first, last }) => [first, last])).toEqual([
      [4, 503],
      [504, 603],
    ])
    expect(device.outbox.sendAgain(1, [1, 2, 3])).toBe(0)
  })

  it('counts on from one batch to the next, and what was stored before is let go', async () => {
    const { device, uplink, batches } = await started(refusing(range(499, 900)), { facts: 600 })
    await state(uplink, 'stopped')
    expect(batches.map(({ first, last }) => [first, last])).toEqual([
      [1, 500],
      [501, 602],
    ])
    expect(uplink.status()).toMatchObject({ reason: 'three-set-aside', backlog: 102 })
    expect(device.outbox.head()?.sequence).toBe(formatSequence(603))
  })

  it('with sound ones between them loses none of the sound ones', async () => {
    const { device, uplink } = await started(refusing([2, 3, 5, 6, 8, 9]), { facts: 10 })
    await sent(uplink)
    expect(uplink.status()).toMatchObject({ reason: null, alarm: false })
    expect(device.outbox.head()?.sequence).toBe(formatSequence(16))
  })
})

describe('a refusal', () => {
  it.each([
    [401, 'signature-bad', 'signature-refused'],
    [401, 'unknown-key', 'signature-refused'],
    [403, 'revoked', 'revoked'],
    [409, 'chain-fork', 'chain-fork'],
  ] as const)(
    '%i %s stops the sending and is an alarm; it goes on only when somebody says so',
    async (status, code, reason) => {
      let sound = false
      const { device, uplink, batches } = await started(
        (batch, response) => (sound ? stored(response, batch) : answerProblem(response, status, code)),
        { facts: 1 },
      )
      await state(uplink, 'stopped')
      expect(uplink.status()).toMatchObject({ reason, alarm: true, line: 'up', backlog: 1 })
      device.append(1)
      uplink.wake()
      uplink.lineReturned()
      await moment()
      expect(batches).toHaveLength(1)
      expect(uplink.status().backlog).toBe(2)
      sound = true
      uplink.resume()
      await sent(uplink)
      expect(uplink.status()).toMatchObject({ reason: null, alarm: false })
    },
  )
})

import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { anyLineFault } from './any-fault.ts'
import type { LineFault } from './faulty-line.ts'
import { type Pair, startPair, storedIn, TEST_TIMEOUT_MS, until, verified } from './pair.ts'

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS })

async function pair(): Promise<Pair> {
  const made = await startPair()
  onTestFinished(() => made.close())
  return made
}

/** Everything captured is at the hall, once, and its chain is whole. */
async function expectWhole({ device, hallDir }: Pair): Promise<void> {
  const deviceId = String(device.identity.deviceId)
  expect(await storedIn(hallDir, deviceId)).toEqual(device.captured)
  expect(await verified(hallDir, deviceId)).toMatchObject({ faults: [], setAside: 0 })
}

async function throughFaults(made: Pair, facts: number, faults: LineFault[]): Promise<void> {
  made.device.capture(facts)
  made.line.next(...faults)
  await made.drained()
  await until(() => made.line.ahead() === 0 || made.device.outbox.backlog().count === 0)
  await expectWhole(made)
}

describe('a batch is stored once, whole and in order when the line is cut', () => {
  test('before the hall has it all', async () => {
    const made = await pair()
    await throughFaults(
      made,
      40,
      [1, 200, 900, 1500].map((atByte) => ({ kind: 'cut-request', atByte })),
    )
    expect(made.line.ahead()).toBe(0)
  })

  test('while the hall commits', async () => {
    const made = await pair()
    await throughFaults(made, 40, [{ kind: 'cut-at-commit' }, { kind: 'cut-at-commit' }])
  })

  test('after the commit, before or within the answer', async () => {
    const made = await pair()
    await throughFaults(made, 40, [
      { kind: 'lose-answer' },
      ...[1, 30, 120, 250, 330].map((atByte): LineFault => ({ kind: 'cut-answer', atByte })),
    ])
    expect(made.line.ahead()).toBe(0)
  })

  test('on an answer that comes late, and a request that a middle box sends twice', async () => {
    const made = await pair()
    await throughFaults(made, 20, [{ kind: 'delay-answer', ms: 80 }, { kind: 'send-twice' }])
    made.device.capture(20)
    await throughFaults(made, 20, [{ kind: 'send-twice' }, { kind: 'trickle', bytes: 97 }])
  })

  test('with the answer to an earlier batch in place of its own', async () => {
    const made = await pair()
    await throughFaults(made, 12, [])
    const before = made.line.seen.length
    await throughFaults(made, 12, [{ kind: 'earlier-answer' }])
    // The earlier answer lets nothing go: the batch is asked about once more.
    expect(made.line.seen.length).toBeGreaterThan(before + 1)
  })
})

test('any faults of the line, one after the other, lose nothing and double nothing', async () => {
  const made = await pair()
  made.device.startUplink()
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }),
      fc.array(anyLineFault, { maxLength: 4 }),
      async (facts, faults) => {
        made.line.next(...faults)
        made.device.capture(facts)
        await until(() => made.device.outbox.backlog().count === 0)
      },
    ),
    { numRuns: 25 },
  )
  await expectWhole(made)
})

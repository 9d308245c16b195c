import { describe, expect, it, onTestFinished } from 'vitest'
import { createHallClient } from '../../sync/hall-client.ts'
import { StatusReport } from '../../sync/protocol/devices.ts'
import { createSealingKeyPair, publicSealingKey } from '../../sync/protocol/keys.ts'
import { startStatusReport } from '../../sync/status-report.ts'
import { DEVICE, openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerJson, answerProblem, type Handler, type Received, startHallStub } from './support/hall-stub.ts'
import { until } from './support/until.ts'

const report = StatusReport.parse({
  role: 'terminal',
  software: '0.1.0',
  uptimeSeconds: 9,
  bootId: '5d6f3a52-9d7a-4c36-8f0a-1c2f5b8d9e01',
  head: null,
  peripherals: {
    scanner: { state: 'ready', since: '2026-11-21T20:14:05.123+08:00', reason: null, warnings: [] },
  },
  paper: 'ok',
  backlog: 0,
  oldestUnsentAt: null,
  clock: { synchronized: false, offsetMs: null },
  storage: { freeBytes: 1, totalBytes: 2 },
})

const nextKey = publicSealingKey(createSealingKeyPair())
const answer = { time: new Date().toISOString(), content: '7', settings: null, sealingKey: nextKey }

async function started(handler: Handler, everyMs = 60_000, makeStatus = () => report) {
  const stub = await startHallStub(handler)
  const device = openTestDevice(testFolder())
  const client = createHallClient({ url: stub.url, identity: device.identity })
  const answers: unknown[] = []
  const troubles: unknown[] = []
  const reporter = startStatusReport({
    client,
    identity: device.identity,
    makeStatus,
    everyMs,
    onAnswer: (got) => answers.push(got),
    onTrouble: (error) => troubles.push(error),
  })
  onTestFinished(() => reporter.close())
  return { stub, device, client, reporter, answers, troubles }
}

describe('the status', () => {
  it('is told at the start, and what the hall has is told back', async () => {
    const { stub, device, client, answers } = await started((_, response) =>
      answerJson(response, 200, answer),
    )
    await until(() => answers.length === 1)
    const [received] = stub.received as [Received]
    expect(received).toMatchObject({ method: 'PUT', path: `/v1/devices/${DEVICE}/status` })
    expect(StatusReport.parse(JSON.parse(received.body.toString()))).toEqual(report)
    expect(answers).toEqual([answer])
    expect(device.identity.sealingKey).toEqual(nextKey)
    expect(client.clock.state().offsetMs).not.toBeNull()
  })

  it('is told again and again, whether the hall answers or not', async () => {
    const { stub, answers } = await started((_, response) => {
      if (stub.received.length > 2) answerJson(response, 200, answer)
      else answerProblem(response, 500, 'internal')
    }, 10)
    await until(() => answers.length === 1)
    expect(stub.received.length).toBeGreaterThanOrEqual(3)
  })

  it('is told at a change; changes that come together are told together', async () => {
    const { stub, reporter, answers } = await started((_, response) => answerJson(response, 200, answer))
    await until(() => answers.length === 1)
    for (let i = 0; i < 20; i += 1) reporter.changed()
    await until(() => answers.length === 2)
    expect(stub.received).toHaveLength(2)
  })

  it('that changes while it is being told is told once more', async () => {
    const { stub, reporter, answers } = await started((_, response) => {
      if (stub.received.length === 1) reporter.changed()
      answerJson(response, 200, answer)
    })
    await until(() => answers.length === 2)
  })

  it('that cannot be made is trouble, and is tried again', async () => {
    let made = 0
    const { answers, troubles } = await started(
      (_, response) => answerJson(response, 200, answer),
      10,
      () => {
        made += 1
        if (made === 1) throw new Error('no disk')
        return report
      },
    )
    await until(() => answers.length === 1)
    expect(troubles).toHaveLength(1)
  })
})

/** What is wrong with a device reaches a hall that knows of it, and hides no status from one that does not. */
import { expect, it, onTestFinished } from 'vitest'
import { createHallClient } from '../../sync/hall-client.ts'
import { StatusReport } from '../../sync/protocol/devices.ts'
import { createSealingKeyPair, publicSealingKey } from '../../sync/protocol/keys.ts'
import { startStatusReport } from '../../sync/status-report.ts'
import { openTestDevice } from './support/device.ts'
import { testFolder } from './support/folder.ts'
import { answerJson, answerProblem, startHallStub } from './support/hall-stub.ts'
import { until } from './support/until.ts'

const FAULT = {
  id: 'receiptPrinter.paper-out',
  severity: 'fault',
  since: '2026-11-21T20:14:05.123+08:00',
  stops: ['receipts'],
} as const

const report = StatusReport.parse({
  role: 'terminal',
  software: '0.1.0',
  uptimeSeconds: 9,
  bootId: '5d6f3a52-9d7a-4c36-8f0a-1c2f5b8d9e01',
  head: null,
  peripherals: {},
  paper: null,
  backlog: 0,
  oldestUnsentAt: null,
  clock: { synchronized: false, offsetMs: null },
  storage: { freeBytes: 1, totalBytes: 2 },
  faults: [FAULT],
})
const sealingKey = publicSealingKey(createSealingKeyPair())
const answer = (knows?: string[]) => ({
  time: new Date().toISOString(),
  content: '7',
  settings: null,
  sealingKey,
  ...(knows && { knows }),
})

/** Gives what each report told of faults. */
const started = async (hall: (told: boolean) => { status: number; knows?: string[] }) => {
  const told: boolean[] = []
  const stub = await startHallStub((request, response) => {
    const withFaults = 'faults' in JSON.parse(request.body.toString())
    told.push(withFaults)
    const { status, knows } = hall(withFaults)
    if (status === 200) answerJson(response, 200, answer(knows))
    else answerProblem(response, status, 'body-invalid')
  })
  const { identity } = openTestDevice(testFolder())
  const client = createHallClient({ url: stub.url, identity })
  const reporter = startStatusReport({ client, identity, makeStatus: () => report, onAnswer: () => {} })
  onTestFinished(() => reporter.close())
  return { told, reporter }
}

it('a hall that says it knows of faults is told them at once', async () => {
  const { told } = await started(() => ({ status: 200, knows: ['faults'] }))
  await until(() => told.length === 2)
  expect(told).toEqual([false, true])
})

it('a hall of an earlier version never sees them', async () => {
  const { told, reporter } = await started((withFaults) => ({ status: withFaults ? 400 : 200 }))
  await until(() => told.length === 1)
  reporter.changed()
  await until(() => told.length === 2)
  expect(told).toEqual([false, false])
})

it('a hall whose software is set back gets the status without them, and is not asked to take them all the time', async () => {
  let old = false
  const { told, reporter } = await started((withFaults) => {
    if (withFaults && old) return { status: 400 }
    return { status: 200, knows: ['faults'] }
  })
  await until(() => told.length === 2)
  old = true
  reporter.changed()
  await until(() => told.length === 4)
  reporter.changed()
  await until(() => told.length === 5)
  expect(told).toEqual([false, true, true, false, false])
})

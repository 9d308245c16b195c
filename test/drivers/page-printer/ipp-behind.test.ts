import { expect, test } from 'vitest'
import { ippRequest } from '../../../drivers/page-printer/client.ts'
import { ownUserName } from '../../../drivers/page-printer/identity.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import type { IppPrinterSimulator } from '../../../drivers/simulators/ipp-printer.ts'
import { ready, until } from '../support.ts'
import { pdfWithQr, simulator, supervised } from './support.ts'

const pdf = await pdfWithQr('330099-A4')
const SLOW = { millisecondsPerSide: 300 }

/** What CUPS does with a job: hands it to the printer, by its own name. */
async function handOn(queue: IppPrinterSimulator, behind: IppPrinterSimulator): Promise<void> {
  const target = readTarget(behind.port)
  const name = queue.jobs()[0]?.name
  if (!target.ok || name === undefined) throw new Error('there is nothing to be handed on')
  const request = { operation: 'Print-Job', jobName: name } as const
  const handed = await ippRequest(target.target, request, {
    user: ownUserName(),
    deadlineMs: 2000,
    document: pdf,
  })
  expect(handed.kind).toBe('done')
}

test('a queue that stops before it has handed anything on has printed nothing', async () => {
  const behind = await simulator()
  const queue = await simulator({ ...SLOW, queueTo: behind.port })
  const printer = supervised(queue.port)
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('the queue works on it', () => queue.jobs()[0]?.state === 'processing')
  queue.setPaused(true)
  expect(await outcome).toMatchObject({ outcome: 'failed' })
  expect(behind.pages()).toEqual([])
})

test('a job that the queue has handed on and that stands at the printer is taken back there too', async () => {
  const behind = await simulator(SLOW)
  const queue = await simulator({ ...SLOW, queueTo: behind.port })
  const printer = supervised(queue.port)
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('the queue works on it', () => queue.jobs()[0]?.state === 'processing')
  await handOn(queue, behind)
  behind.setPaper('out')
  queue.setPaused(true)
  expect(await outcome).toMatchObject({ outcome: 'failed' })
  behind.setPaper('ok')
  await until('nothing waits there', () => behind.jobs().every(({ state }) => state === 'canceled'))
  expect(behind.pages()).toEqual([])
})

import { expect, test } from 'vitest'
import { ippRequest } from '../../../drivers/page-printer/client.ts'
import { ownUserName } from '../../../drivers/page-printer/identity.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import { faulty, ready, until } from '../support.ts'
import { pdfWithQr, simulator, supervised } from './support.ts'

const pdf = await pdfWithQr('330099-A4')
/** Long enough on paper for something to happen meanwhile. */
const SLOW = { millisecondsPerSide: 400 }

test.each([
  'die-early',
  'die',
  'die-within',
  'garbage',
  'garbage-ipp',
  'hostile-ipp',
  'hang',
  'other-answer',
] as const)(
  'a document whose answer is lost (%s) is unknown, not sent again, and taken back',
  async (kind) => {
    const wire = await simulator({ millisecondsPerSide: 60_000 })
    const printer = supervised(wire.port)
    await ready(printer)
    wire.faults.add({ kind, operation: 'Print-Job' })
    expect(await printer.print(pdf)).toMatchObject({ outcome: 'unknown' })
    await until('the job is taken back', () => wire.jobs()[0]?.state === 'canceled')
    expect(wire.asked('Print-Job')).toBe(1)
    expect(wire.pages()).toEqual([])
  },
)

test('a line that is gone for a moment does not lose the job', async () => {
  const wire = await simulator(SLOW)
  const printer = supervised(wire.port, { silenceMs: 8000 })
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('it is sent', () => wire.jobs().length === 1)
  await wire.unplug()
  await faulty(printer, 'line-lost')
  await wire.plug()
  expect(await outcome).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(wire.asked('Print-Job')).toBe(1)
  await ready(printer)
})

test('a line that stays away makes the outcome unknown, and what is left is taken back when it is there again', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const printer = supervised(wire.port, { silenceMs: 200 })
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('it is sent', () => wire.jobs().length === 1)
  await wire.unplug()
  expect(await outcome).toEqual({ outcome: 'unknown', reason: 'line-lost' })
  await wire.plug()
  await ready(printer)
  expect(wire.jobs()[0]?.state).toBe('canceled')
  expect(wire.asked('Print-Job')).toBe(1)
})

test('a document given up before its turn is not sent', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  const signal = AbortSignal.abort()
  expect(await printer.print(pdf, { signal })).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(wire.asked('Print-Job')).toBe(0)
})

test('a document given up within its job is taken back', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const printer = supervised(wire.port)
  await ready(printer)
  const giveUp = new AbortController()
  const outcome = printer.print(pdf, { signal: giveUp.signal })
  await until('it is sent', () => wire.asked('Get-Job-Attributes') > 0)
  giveUp.abort()
  expect(await outcome).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(wire.jobs()[0]?.state).toBe('canceled')
})

test('a document waits only so long for those before it', async () => {
  const wire = await simulator({ millisecondsPerSide: 600 })
  const printer = supervised(wire.port, { turnMs: 100 })
  await ready(printer)
  const [first, second] = await Promise.all([printer.print(pdf), printer.print(pdf)])
  expect(first).toMatchObject({ outcome: 'printed' })
  expect(second).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(wire.pages()).toHaveLength(1)
})

test('a program that ends within a job takes it back', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const printer = supervised(wire.port)
  await ready(printer)
  const outcome = printer.print(pdf)
  const waiting = printer.print(pdf)
  await until('it is sent', () => wire.asked('Get-Job-Attributes') > 0)
  await printer.close()
  expect(await outcome).toMatchObject({ outcome: 'unknown' })
  expect(await waiting).toMatchObject({ outcome: 'failed' })
  expect(wire.jobs().map((job) => job.state)).toEqual(['canceled'])
})

test('what an earlier life left in the queue is taken back before the printer is ready; a neighbour’s job is not', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const read = readTarget(wire.port)
  if (!read.ok) throw new Error(read.detail)
  for (const user of [ownUserName(), 'window24-0badcafe']) {
    const request = { operation: 'Print-Job', jobName: 'window24-00000000' } as const
    const sent = await ippRequest(read.target, request, { user, deadlineMs: 5000, document: pdf })
    expect(sent.kind).toBe('done')
  }
  await ready(supervised(wire.port))
  expect(wire.jobs().map((job) => job.state)).toEqual(['canceled', 'processing'])
})

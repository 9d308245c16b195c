import { expect, test } from 'vitest'
import { faulty, ready, until } from '../support.ts'
import { bench, scripted, THICK } from './printers.ts'

test.each([
  ['5', 'in single bytes', { kind: 'split', bytes: 1, gapMs: 2 }],
  ['5', 'merged', { kind: 'merge', holdMs: 15 }],
  ['15', 'twice', { kind: 'duplicate' }],
] as const)('row %s: answers that come %s are understood', async (_, __, fault) => {
  const { simulator, printer } = await bench()
  simulator.faults.add(fault)
  const mend = simulator.trouble('cover-open')
  await faulty(printer, 'cover-open')
  mend()
  await ready(printer)
  const mendPaper = simulator.trouble('paper-out')
  await faulty(printer, 'paper-out')
  mendPaper()
  await ready(printer)
  expect(await printer.print(THICK)).toEqual({ outcome: 'printed', proof: 'probable' })
  expect(simulator.receipts()).toHaveLength(1)
  expect(simulator.errors).toEqual([])
})

test('field row 15: answers whose echo comes behind the next query are not taken for that of the next query', async () => {
  const TRUTH = [0, 0x1a, 0x16, 0x12, 0x12]
  let asked = 0
  const { printer } = await scripted('generic-80', (command, n, socket) => {
    if (command === 'marker') socket.write(Buffer.of(0x00))
    if (command !== 'status') return
    asked += 1
    const answer = Buffer.of(asked <= 40 ? 0x12 : (TRUTH[n] ?? 0))
    socket.write(answer)
    setTimeout(() => socket.write(answer), 1)
  })
  const heard: string[] = []
  printer.onStatus((status) => heard.push(status.state === 'fault' ? status.reason : status.state))
  await faulty(printer, 'cover-open')
  await until('it was asked often', () => asked > 60)
  expect(heard).toEqual(['cover-open'])
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ownUserName } from '../../../../drivers/page-printer/identity.ts'
import { type Cupsd, portOf, startCupsd } from '../../../drivers/discovery/cupsd.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { deviceJsonWith, findings, visits } from './cabinet.ts'

/** A machine whose CUPS is this one, with a page printer at that queue. */
function machineWith(cupsd: Cupsd, queue: string, configuration = 'PreserveJobFiles No\n') {
  const machine = new PlantedMachine()
  machine.cups = cupsd.address
  machine.file(join(machine.etc, 'cups', 'cupsd.conf'), configuration)
  const port = `${cupsd.address}printers/${queue}`
  return { machine, args: ['--config', deviceJsonWith({ pagePrinter: { driver: 'ipp', port } })] }
}

const addQueue = (cupsd: Cupsd, policy: string): void => {
  cupsd.run('lpadmin', [
    '-p',
    'a4',
    '-E',
    '-v',
    'ipp://127.0.0.1:1/x',
    '-o',
    `printer-error-policy=${policy}`,
  ])
}

test('a queue in order has nothing wrong with it', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  const { machine, args } = machineWith(cupsd, 'a4')
  expect(await findings(machine, args)).toEqual([])
})

test('field row 14: a queue that would print a failed job at refill is told, and one whose CUPS keeps the files', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'retry-job')
  const { machine, args } = machineWith(cupsd, 'a4', 'Listen localhost:631\n')
  expect(await findings(machine, args)).toEqual(['warning queue-policy', 'warning cups-keeps-files'])
  const { zh, en } = await visits(machine, args)
  for (const { text } of [zh, en]) {
    expect(text).toContain('$ sudo lpadmin -p a4 -o printer-error-policy=abort-job')
    expect(text).toContain('$ sudo cupsctl PreserveJobFiles=No')
  }
  expect(zh.text).toContain('加纸后没人等着也打出来')
  expect(en.text).toContain('prints at refill')
})

test('field row 14: papers that wait in the queue are counted', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  cupsd.run('cupsdisable', ['a4'])
  for (const _ of 'ab') cupsd.run('lp', ['-U', ownUserName(), '-d', 'a4', '/etc/hostname'])
  const { machine, args } = machineWith(cupsd, 'a4')
  expect(await findings(machine, args)).toEqual(['fault printer-stopped', 'warning printer-backlog'])
  const { zh, en } = await visits(machine, args)
  expect(zh.text).toContain('压着 2 份')
  expect(en.text).toContain('wait at a4: 2.')
  for (const { text } of [zh, en]) expect(text).toContain('$ sudo cancel -a -x a4')
})

test('a stopped queue and one that takes no jobs are told with the command that mends them', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  cupsd.run('cupsdisable', ['a4'])
  cupsd.run('cupsreject', ['a4'])
  const { machine, args } = machineWith(cupsd, 'a4')
  expect(await findings(machine, args)).toEqual(['fault printer-stopped', 'fault printer-refusing'])
  const { zh, en } = await visits(machine, args)
  for (const { text } of [zh, en]) {
    expect(text).toContain('$ sudo cupsenable a4')
    expect(text).toContain('$ sudo cupsaccept a4')
  }
})

test('a queue of another name is told, with the names that there are', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  const { machine, args } = machineWith(cupsd, 'a5')
  expect(await findings(machine, args)).toEqual(['fault printer-absent'])
  const { zh, en } = await visits(machine, args)
  for (const { text } of [zh, en]) expect(text).toContain(`    ${cupsd.address}printers/a4\n`)
})

test('CUPS that is down is told as what it is, not as a printer that cannot be reached', async () => {
  const machine = new PlantedMachine()
  machine.file(join(machine.etc, 'cups', 'cupsd.conf'), '')
  const port = `${machine.cups}printers/a4`
  const args = ['--config', deviceJsonWith({ pagePrinter: { driver: 'ipp', port } })]
  expect(await findings(machine, args)).toEqual(['fault cups-down'])
  const { zh, en } = await visits(machine, args)
  expect(zh.text).toContain('打印服务 CUPS 没有运行')
  expect(en.text).toContain('CUPS is not running')
  for (const { text } of [zh, en]) expect(text).toContain('$ sudo systemctl start cups')
})

test('a machine that prints no pages needs no CUPS', async () => {
  const machine = new PlantedMachine()
  expect(await findings(machine, [])).toEqual([])
  expect(await findings(machine, ['--config', deviceJsonWith({})])).toEqual([])
})

test('a CUPS that hangs is told, and hangs nobody', async () => {
  const server = createServer(() => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const machine = new PlantedMachine()
  machine.cups = `ipp://127.0.0.1:${portOf(server)}/`
  const started = performance.now()
  expect(await findings(machine, [])).toEqual(['warning cups-silent'])
  expect(performance.now() - started).toBeLessThan(3000)
})

test('a printer elsewhere that cannot be reached is told with what the line said', async () => {
  const machine = new PlantedMachine()
  const port = 'ipp://printer.invalid/ipp/print'
  const args = ['--config', deviceJsonWith({ pagePrinter: { driver: 'ipp', port } })]
  expect(await findings(machine, args)).toEqual(['fault printer-unreachable'])
  const { zh } = await visits(machine, args)
  expect(zh.text).toContain('连不上打印机 ipp://printer.invalid/ipp/print')
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { isCupsOf } from '../../../../drivers/discovery/printers.ts'
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
    expect(text).toContain('$ lpadmin -p a4 -o printer-error-policy=abort-job')
    expect(text).toContain('$ cupsctl PreserveJobFiles=No')
  }
  expect(zh.text).toContain('加纸后没人等着也打出来')
  expect(en.text).toContain('prints at refill')
})

test('field row 14: before a stopped queue is set going, this machine’s papers are cleared, and nobody else’s', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  cupsd.run('cupsdisable', ['a4'])
  for (const user of [ownUserName(), 'neighbour', ownUserName()])
    cupsd.run('lp', ['-U', user, '-d', 'a4', '/etc/hostname'])
  const { machine, args } = machineWith(cupsd, 'a4')
  expect(await findings(machine, args)).toEqual(['fault printer-stopped'])
  const { zh, en } = await visits(machine, args)
  expect(zh.text).toContain('本机 2 份')
  expect(en.text).toContain('wait there: 2.')
  for (const { text } of [zh, en]) {
    expect(commandsIn(text)).toEqual(['cancel -x a4-1 a4-3', 'cupsenable a4'])
    // Nobody has seen a jam: it was paused.
    expect(text).not.toMatch(/jam|卡纸/)
  }
  const [cancel = ''] = commandsIn(en.text)
  cupsd.run('cancel', cancel.split(' ').slice(1))
  expect(cupsd.run('lpstat', ['-o'])).toMatch(/^a4-2 +neighbour /)
  expect(cupsd.run('lpstat', ['-o']).trim().split('\n')).toHaveLength(1)
})

/** What the page says to type, in its order. */
function commandsIn(text: string): string[] {
  const whole = text.replaceAll(/ \\\n +/g, ' ')
  return [...whole.matchAll(/^ {4}\$ (.+)$/gm)].map(([, command = '']) => command)
}

test('field row 14: papers that wait at a printer that works are counted, and cleared by their numbers', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'abort-job')
  cupsd.run('lp', ['-U', ownUserName(), '-H', 'hold', '-d', 'a4', '/etc/hostname'])
  const { machine, args } = machineWith(cupsd, 'a4')
  expect(await findings(machine, args)).toEqual(['warning printer-backlog'])
  const { zh, en } = await visits(machine, args)
  for (const { text } of [zh, en]) expect(commandsIn(text)).toEqual(['cancel -x a4-1'])
})

test('a queue of another host is mended there: nothing is typed here', async () => {
  const cupsd = await startCupsd()
  addQueue(cupsd, 'retry-job')
  cupsd.run('cupsdisable', ['a4'])
  cupsd.run('cupsreject', ['a4'])
  const { machine, args } = machineWith(cupsd, 'a4')
  // For this machine its own CUPS is elsewhere.
  machine.cups = 'ipp://127.0.0.1:1/'
  expect(await findings(machine, args)).toEqual([
    'fault printer-stopped',
    'fault printer-refusing',
    'warning queue-policy',
  ])
  const { zh, en } = await visits(machine, args)
  for (const { text } of [zh, en]) expect(commandsIn(text)).toEqual([])
  expect(zh.text).toContain('到服务器 127.0.0.1 上')
  expect(en.text).toContain('On the server 127.0.0.1')
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
    expect(text).toContain('$ cupsenable a4')
    expect(text).toContain('$ cupsaccept a4')
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
  for (const { text } of [zh, en]) expect(text).toContain('$ systemctl start cups')
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
  expect(zh.text).toContain('打印机 ipp://printer.invalid/ipp/print')
})

test('a queue that is missing on this machine is made by its own name, with the policy that it wants', async () => {
  const cupsd = await startCupsd()
  const { machine, args } = machineWith(cupsd, 'hall%2Dprinter')
  expect(await findings(machine, args)).toEqual(['fault printer-absent'])
  const { en } = await visits(machine, args)
  expect(commandsIn(en.text)).toEqual([
    'lpadmin -p hall-printer -E -m everywhere -o printer-error-policy=abort-job -v ipp://PRINTER/ipp/print',
  ])
  machine.cups = 'ipp://127.0.0.1:1/'
  const elsewhere = await visits(machine, args)
  expect(commandsIn(elsewhere.en.text)).toEqual([])
  expect(elsewhere.en.text).toContain('Check the path')
  expect(elsewhere.zh.text).toContain('检查地址里的路径')
})

test.each([
  hostname(),
  hostname().toUpperCase(),
  `${hostname().split('.')[0]}.local`,
  '127.0.1.1',
  'localhost',
])('CUPS that is bound as %s is this machine’s', (host) => {
  expect(isCupsOf(new PlantedMachine(), `ipp://${host}:1/printers/a4`)).toBe(true)
  expect(isCupsOf(new PlantedMachine(), `ipp://${host}:2/printers/a4`)).toBe(false)
})

test('CUPS at an address of this machine’s own cards is this machine’s, and another host’s is not', () => {
  const own = Object.values(networkInterfaces()).flatMap((cards) => cards ?? [])
  for (const { address, family } of own) {
    const host = family === 'IPv6' ? `[${address}]` : address
    expect(isCupsOf(new PlantedMachine(), `ipp://${host}:1/printers/a4`)).toBe(true)
  }
  expect(isCupsOf(new PlantedMachine(), 'ipp://192.0.2.7:1/printers/a4')).toBe(false)
})

test('CUPS that is to be started prints what waits: that is said before the command', async () => {
  const machine = new PlantedMachine()
  machine.file(join(machine.etc, 'cups', 'cupsd.conf'), '')
  const port = `ipp://${hostname()}:1/printers/a4`
  const args = ['--config', deviceJsonWith({ pagePrinter: { driver: 'ipp', port } })]
  expect(await findings(machine, args)).toEqual(['fault cups-down'])
  const { zh, en } = await visits(machine, args)
  expect(en.text).toMatch(/prints what waits in its queues[\s\S]+\$ systemctl start cups/)
  expect(zh.text).toMatch(/马上就打出来[\s\S]+\$ systemctl start cups/)
})

test('what is wrong with a printer is told in Chinese, and what it said itself is marked as its words', async () => {
  const machine = new PlantedMachine()
  const port = 'ipps://127.0.0.1:2/ipp/print'
  const args = ['--config', deviceJsonWith({ pagePrinter: { driver: 'ipp', port } })]
  const { zh } = await visits(machine, args)
  expect(zh.text).toMatch(
    /用不了：连不上。[\s\S]+检查打印机的电源[\s\S]+原文：127\.0\.0\.1:2 cannot be reached/,
  )
})

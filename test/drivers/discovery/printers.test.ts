import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { portOf, startCupsd } from './cupsd.ts'
import { factsOf } from './discover-here.ts'
import { PlantedMachine } from './planted-machine.ts'

/** Something at CUPS's address that is no CUPS. */
async function startServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `ipp://127.0.0.1:${portOf(server)}/`
}

test('a real CUPS tells its queues, their policy and their state', async () => {
  const cupsd = await startCupsd()
  cupsd.run('lpadmin', ['-p', 'a4', '-E', '-v', 'ipp://127.0.0.1:1/ipp/print'])
  cupsd.run('lpadmin', [
    '-p',
    'a3',
    '-E',
    '-v',
    'ipp://127.0.0.1:1/x',
    '-o',
    'printer-error-policy=abort-job',
  ])
  cupsd.run('cupsdisable', ['a3'])
  cupsd.run('cupsreject', ['a3'])
  const machine = new PlantedMachine()
  machine.cups = cupsd.address
  const { cups } = await factsOf(machine)
  expect(cups.state).toBe('answering')
  expect(cups.printers).toMatchObject([
    { name: 'a3', state: 'stopped', acceptsJobs: false, errorPolicy: 'abort-job' },
    { name: 'a4', state: 'idle', acceptsJobs: true, errorPolicy: expect.stringMatching(/retry|stop/) },
  ])
  expect(cups.printers[1]?.uri).toBe(`${cupsd.address}printers/a4`)
})

test('a queue that a page printer is bound to is asked, and one that is not there is told as absent', async () => {
  const cupsd = await startCupsd()
  cupsd.run('lpadmin', ['-p', 'a4', '-E', '-v', 'ipp://127.0.0.1:1/ipp/print'])
  const machine = new PlantedMachine()
  machine.cups = cupsd.address
  const { bound } = await factsOf(machine, [`${cupsd.address}printers/a4`, `${cupsd.address}printers/a5`])
  expect(bound).toMatchObject([
    { kind: 'ipp', answer: { state: 'answering', waitingJobs: [], printer: { name: 'a4' } } },
    { kind: 'ipp', answer: { state: 'absent' } },
  ])
})

test('a CUPS without a queue is a CUPS that runs', async () => {
  const cupsd = await startCupsd()
  const machine = new PlantedMachine()
  machine.cups = cupsd.address
  expect((await factsOf(machine)).cups).toMatchObject({ state: 'answering', printers: [] })
})

test('CUPS that is installed and does not run is down; where it is not installed, it is not', async () => {
  const machine = new PlantedMachine()
  expect((await factsOf(machine)).cups.state).toBe('not-installed')
  machine.file(join(machine.etc, 'cups', 'cupsd.conf'), '')
  expect((await factsOf(machine)).cups.state).toBe('down')
})

test('a CUPS that hangs keeps nobody waiting', async () => {
  const machine = new PlantedMachine()
  machine.cups = await startServer(() => {})
  const started = performance.now()
  const { cups, bound } = await factsOf(machine, [`${machine.cups}printers/a4`])
  expect(cups.state).toBe('silent')
  expect(bound).toMatchObject([{ answer: { state: 'failed' } }])
  expect(performance.now() - started).toBeLessThan(3000)
})

test('whatever answers at its address in some other language is no CUPS', async () => {
  const machine = new PlantedMachine()
  machine.cups = await startServer((socket) => socket.end('\0\u0001garbage\r\n\r\n'))
  expect((await factsOf(machine)).cups).toMatchObject({ state: 'silent', printers: [] })
})

test.each([
  { configuration: 'Listen localhost:631\n', keeps: true },
  { configuration: 'PreserveJobFiles No\n', keeps: false },
  { configuration: '  preservejobfiles off\n', keeps: false },
  { configuration: '# PreserveJobFiles No\n', keeps: true },
  { configuration: 'PreserveJobFiles No\nPreserveJobFiles 3600\n', keeps: true },
])('whether CUPS keeps what it printed is read from its configuration: $configuration', async (each) => {
  const machine = new PlantedMachine()
  machine.file(join(machine.etc, 'cups', 'cupsd.conf'), each.configuration)
  expect((await factsOf(machine)).cups.keepsFiles).toBe(each.keeps)
})

test('where CUPS’s configuration may not be read, nothing is claimed of it', async () => {
  expect((await factsOf(new PlantedMachine())).cups.keepsFiles).toBe(null)
})

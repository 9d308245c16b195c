import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { THIS_MACHINE } from '../../../../drivers/discovery/machine.ts'
import { DIALOUT_GID, KIOSK, PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { startPty } from '../../../drivers/transport/pty.ts'
import { deviceJsonWith, findings, visits } from './cabinet.ts'
import { BY_ID, byId, reader } from './planted.ts'
import { PLANTED_OTHERS } from './planted-others.ts'
import { PLANTED_PORTS } from './planted-ports.ts'

describe.each([...PLANTED_PORTS, ...PLANTED_OTHERS])('$fault', ({ plant, finds, zh, en, never = /^$/ }) => {
  test('is found, and told in Chinese and in English with what to do', async () => {
    const machine = new PlantedMachine()
    const args = plant(machine)
    expect(await findings(machine, args)).toContain(finds)
    const both = await visits(machine, args)
    expect(both).toMatchObject({ zh: { exit: 1, errors: '' }, en: { exit: 1, errors: '' } })
    for (const { text } of [both.zh, both.en]) expect(text).not.toMatch(never)
    for (const words of zh) expect(unbroken(both.zh.text, '')).toMatch(words)
    for (const words of en) expect(unbroken(both.en.text, ' ')).toMatch(words)
  })
})

/** The text as it was before it was broken into lines. */
function unbroken(text: string, between: string): string {
  return text.replaceAll(/\n +(?!\$)(?=\S)/g, between) + text
}

test('a machine in order has nothing wrong with it', async () => {
  const machine = new PlantedMachine()
  machine.serial({ byId: BY_ID, serialNumber: 'A10K', gid: DIALOUT_GID, marks: ['E:ID_MM_DEVICE_IGNORE=1'] })
  machine.process('ModemManager', ['/usr/sbin/ModemManager'])
  const node = join(machine.dev, 'ttyUSB0')
  machine.process('MainThread', ['node', '/usr/bin/window24', 'device', '--config', 'x'], [node])
  const { zh, en } = await visits(machine, reader(machine, byId(machine)))
  expect(zh).toMatchObject({ exit: 0, text: expect.stringContaining('没有发现问题。') })
  expect(en).toMatchObject({ exit: 0, text: expect.stringContaining('Nothing wrong was found.') })
})

test('two ports of one adapter are no twins: their names tell them apart', async () => {
  const machine = new PlantedMachine()
  const beside = machine.serial({ byId: BY_ID, byPath: 'pci-usb-1-port0' })
  machine.serial({ beside, byId: 'usb-FTDI-if01-port0', byPath: 'pci-usb-1-port1' })
  expect(await findings(machine, reader(machine, byId(machine)))).toEqual([])
})

test('where the holders of ports cannot be seen, it is not said that nothing is wrong', async () => {
  const machine = new PlantedMachine()
  const pid = machine.process('tool', ['tool'])
  rmSync(join(machine.proc, String(pid), 'fd'), { recursive: true })
  machine.hid({ vendorId: '2B8B', productId: '2721', mode: 0o666 })
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  const number = typeof address === 'object' && address !== null ? address.port : 0
  for (const port of ['hid:2B8B:2721', `tcp://127.0.0.1:${number}`]) {
    const config = deviceJsonWith({ idReader: { driver: 'sdt', port } })
    const args = ['--config', config, '--user', KIOSK.name]
    expect(await findings(machine, args)).toEqual(['note holders-unseen'])
    const { zh, en } = await visits(machine, args)
    expect(zh.text).toContain('端口被谁占着，这个用户看不到')
    expect(en.text).toContain('who holds the ports is not visible to this user')
  }
})

test('without a configuration nothing is worse than a warning, and keyboards are nobody’s business', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial({ mode: 0o600, gid: 0 })
  machine.process('minicom', ['minicom'], [node])
  machine.hid({ vendorId: '2B8B', productId: '2721', mode: 0o600 })
  machine.hid({ vendorId: '046D', productId: 'C31C', usages: [[1, 6]], mode: 0o600 })
  machine.hid({ vendorId: '0C2E', productId: 'FFFF', usages: [[0x8c, 2]], mode: 0o600 })
  expect(await findings(machine, ['--user', KIOSK.name])).toEqual([
    'warning port-forbidden',
    'warning port-held',
    'warning port-forbidden',
    'warning port-forbidden',
  ])
})

test('field row 9: a real write that never comes back is told, whoever is stuck in it', async () => {
  const pty = await startPty()
  pty.peer.pause()
  const writer = spawn('sh', ['-c', 'exec cat /dev/zero >"$0"', pty.link], { stdio: 'ignore' })
  onTestFinished(() => {
    writer.kill('SIGKILL')
  })
  const args = [
    '--config',
    deviceJsonWith({ receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: pty.port } }),
  ]
  const deadline = performance.now() + 10_000
  let found = await findings(THIS_MACHINE, args)
  while (!found.includes('warning port-stalled') && performance.now() < deadline) {
    found = await findings(THIS_MACHINE, args)
  }
  const { zh, en } = await visits(THIS_MACHINE, args)
  expect(zh.text).toContain('发出去的数据没有人收')
  expect(en.text).toContain('Nobody takes the bytes')
})

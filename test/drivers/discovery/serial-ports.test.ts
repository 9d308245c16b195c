import { chmodSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { factsOf } from './discover-here.ts'
import { DIALOUT_GID, KIOSK, PlantedMachine } from './planted-machine.ts'

test('a USB serial port is listed with its lasting names and with what its adapter says of itself', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial({ serialNumber: 'A10K', byId: 'usb-1a86_A10K-if00', byPath: 'pci-1' })
  const { serialPorts } = await factsOf(machine)
  expect(serialPorts).toMatchObject([
    {
      node,
      byId: join(machine.dev, 'serial/by-id/usb-1a86_A10K-if00'),
      byPath: join(machine.dev, 'serial/by-path/pci-1'),
      usb: { vendorId: 0x1a86, productId: 0x7523, product: 'USB Serial', serialNumber: 'A10K' },
      access: { allowed: true, rootOnly: false, owner: 'root', group: 'dialout', mode: 0o660 },
    },
  ])
})

test('ports are counted as people count, and a built-in one that is not fitted is left out', async () => {
  const machine = new PlantedMachine()
  for (const name of ['ttyUSB10', 'ttyUSB2']) machine.serial({ name })
  for (const [name, type] of [
    ['ttyS0', '4'],
    ['ttyS1', '0'],
  ] as const) {
    const folder = join(machine.sys, 'class', 'tty', name)
    machine.file(join(folder, 'type'), `${type}\n`)
    symlinkSync('/', join(folder, 'device'))
    machine.node(name, 4, type === '4' ? 64 : 65, {})
  }
  const { serialPorts } = await factsOf(machine)
  expect(serialPorts.map((port) => port.node.split('/').at(-1))).toEqual(['ttyS0', 'ttyUSB2', 'ttyUSB10'])
})

test('a port is found where there is no sysfs, and one that only by-id knows is found too', async () => {
  const machine = new PlantedMachine()
  const bare = machine.node('ttyACM0', 166, 0, {})
  const odd = machine.node('ttyXR0', 266, 0, {})
  machine.file(join(machine.dev, 'serial/by-id/.keep'), '')
  symlinkSync('../../ttyXR0', join(machine.dev, 'serial/by-id/usb-odd'))
  const { serialPorts } = await factsOf(machine)
  expect(serialPorts.map((port) => port.node)).toEqual(expect.arrayContaining([bare, odd]))
})

test('the rights of another user are judged by owner, group and everybody', async () => {
  const machine = new PlantedMachine()
  machine.serial({ mode: 0o660 })
  machine.serial({ mode: 0o666 })
  machine.serial({ mode: 0o600, gid: 0 })
  const allowed = async () =>
    (await factsOf(machine, [], KIOSK.name)).serialPorts.map(({ access }) => access.allowed)
  expect(await allowed()).toEqual([false, true, false])
  machine.groups(KIOSK.name)
  expect(await allowed()).toEqual([true, true, false])
})

test('a closed folder above a port shuts it off, whatever the rights of the port, for others and for this user', async () => {
  const machine = new PlantedMachine()
  const inside = join(machine.dev, 'closed', 'deep', 'tty')
  machine.file(inside, '')
  chmodSync(inside, 0o666)
  chmodSync(join(machine.dev, 'closed'), 0o700)
  symlinkSync(inside, join(machine.dev, 'link'))
  for (const path of [inside, join(machine.dev, 'link')]) {
    const { bound } = await factsOf(machine, [`serial:${path}?baud=9600`], KIOSK.name)
    expect(bound[0]).toMatchObject({
      access: { allowed: false, decidedBy: join(machine.dev, 'closed'), owner: 'root', mode: 0o700 },
    })
  }
})

test('root stands in for the account window24 where a device has one', async () => {
  const machine = new PlantedMachine()
  machine.serial({ mode: 0o660 })
  machine.file(join(machine.etc, 'passwd'), 'root:x:0:0::/:/bin/sh\nwindow24:x:1901:1901::/:/bin/false\n')
  const { user, serialPorts } = await factsOf(machine)
  expect(user).toMatchObject({ name: 'window24', uid: 1901 })
  expect(serialPorts[0]?.access.allowed).toBe(false)
})

test('a node that root alone may use is told apart from one that a group may use', async () => {
  const machine = new PlantedMachine()
  machine.serial({ mode: 0o600, gid: 0 })
  machine.serial({ mode: 0o600, gid: DIALOUT_GID })
  machine.serial({ mode: 0o660, gid: 0 })
  machine.serial({ mode: 0o660, gid: DIALOUT_GID })
  const { serialPorts } = await factsOf(machine)
  expect(serialPorts.map(({ access }) => access.rootOnly)).toEqual([true, true, true, false])
})

test('a group that the account has joined since its login is told: it does not count yet', async () => {
  const machine = new PlantedMachine()
  machine.groups('root')
  expect((await factsOf(machine)).user).toMatchObject({
    name: 'root',
    here: true,
    groupsAtNextLogin: ['dialout'],
  })
})

test.each([
  { marks: ['E:ID_MM_DEVICE_IGNORE=1'], ignores: true },
  { marks: ['E:ID_MM_PORT_IGNORE=1'], ignores: true },
  { marks: ['E:ID_MM_CANDIDATE=1', 'E:ID_MM_DEVICE_IGNORE=0'], ignores: false },
])('udev’s database says whether ModemManager leaves the port alone: $marks', async ({ marks, ignores }) => {
  const machine = new PlantedMachine()
  machine.serial({ marks })
  expect((await factsOf(machine)).serialPorts[0]?.modemManagerIgnores).toBe(ignores)
})

test('an adapter that a program has taken from the kernel is found with its taker', async () => {
  const machine = new PlantedMachine()
  const node = machine.claimedUsb({ vendorId: '10c4', productId: 'ea60', product: 'CP2102' })
  const pid = machine.process('brltty', ['/usr/bin/brltty', '-E'], [node])
  const facts = await factsOf(machine)
  expect(facts.serialPorts).toEqual([])
  expect(facts.claimedUsb).toMatchObject([
    { vendorId: 0x10c4, productId: 0xea60, node, holders: [{ pid, name: 'brltty' }] },
  ])
  expect(facts.brltty).toMatchObject([{ pid }])
})

test('this very machine is told without an error, whatever it lacks', async () => {
  const facts = await factsOf()
  expect(facts.user.name).not.toBe('')
  expect(['answering', 'down', 'silent', 'not-installed']).toContain(facts.cups.state)
  expect(['working', 'missing', 'silent']).toContain(facts.hid.library.state)
})

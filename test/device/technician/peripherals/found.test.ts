import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { PeripheralName } from '../../../../device/http/contract.ts'
import type { Thing } from '../../../../device/technician/peripherals/found.ts'
import { lookAround } from '../../../../device/technician/peripherals/look.ts'
import { readAddress } from '../../../../device/technician/peripherals/typed-address.ts'
import { startIppPrinterSimulator } from '../../../../drivers/simulators/ipp-printer.ts'
import { PlantedMachine } from '../../../drivers/discovery/planted-machine.ts'
import { closing } from '../../../drivers/support.ts'

const NO_SUCH_PROGRAM = '/nowhere/ippfind'

const look = async (
  machine: PlantedMachine,
  {
    bound = [],
    role = 'terminal',
    ippfind = NO_SUCH_PROGRAM,
  }: { bound?: { name: PeripheralName; port: string }[]; role?: 'terminal' | 'pad'; ippfind?: string } = {},
) => lookAround({ machine, ippfind, bound, role, configPath: '/etc/window24/device.json' })

const called = (things: readonly Thing[], text: string): Thing => {
  const found = things.find(({ title, port }) => title.includes(text) || port?.includes(text))
  if (found === undefined) throw new Error(`nothing is called ${text}`)
  return found
}
const kinds = ({ proposals }: Thing): string[] => [...new Set(proposals.map(({ name }) => name))]

it('a serial adapter is named by its chip, is bound by its lasting name, and may be any serial peripheral', async () => {
  const machine = new PlantedMachine()
  machine.serial({ byId: 'usb-1a86_USB_Serial-if00-port0' })
  const { things } = await look(machine)
  const adapter = called(things, 'WCH CH340')
  expect(adapter).toMatchObject({ kind: 'serial', boundTo: null, why: null })
  expect(adapter.port).toMatch(/^serial:.*\/by-id\/usb-1a86_USB_Serial-if00-port0$/)
  expect(kinds(adapter)).toEqual(['idReader', 'scanner', 'receiptPrinter'])
  expect(adapter.proposals[0]).toEqual({
    name: 'idReader',
    driver: 'sdt',
    profile: null,
    port: `${adapter.port}?baud=115200`,
    sure: false,
  })
  const { things: ofPad } = await look(machine, { role: 'pad' })
  expect(kinds(called(ofPad, 'WCH CH340'))).toContain('keypad')
})

it('what a device says of itself comes first, and is only a proposal', async () => {
  const machine = new PlantedMachine()
  machine.serial({ product: 'Barcode Scanner', byId: 'usb-scanner' })
  const { things } = await look(machine)
  const [first, ...others] = called(things, 'Barcode Scanner').proposals
  expect(first).toMatchObject({ name: 'scanner', driver: 'serial', profile: null, sure: true })
  expect(others.some(({ name, sure }) => name === 'idReader' && !sure)).toBe(true)

  machine.serial({ vendorId: '1eab', productId: '0006', product: 'CDC', byId: 'usb-cdc' })
  const ofMaker = called((await look(machine)).things, 'usb-cdc')
  expect(ofMaker.proposals[0]).toMatchObject({ name: 'scanner', sure: true })
})

it('USB devices that a driver is made for are named, and those that none is made for are listed with why', async () => {
  const machine = new PlantedMachine()
  machine.hid({ vendorId: '2B8B', productId: '2721', product: 'Card Reader' })
  machine.hid({ vendorId: '0C2E', productId: '0B87', product: 'Imager', usages: [[0x8c, 2]] })
  machine.hid({ vendorId: '046D', productId: 'C31C', product: 'Keyboard', usages: [[1, 6]] })
  machine.hid({ vendorId: '1234', productId: '0001', product: 'Touch Panel', usages: [[0x0d, 4]] })
  const { things } = await look(machine)
  expect(called(things, 'Card Reader').proposals).toEqual([
    { name: 'idReader', driver: 'sdt', profile: null, port: 'hid:2B8B:2721', sure: true },
  ])
  expect(called(things, 'Imager').proposals).toEqual([
    { name: 'scanner', driver: 'hid-pos', profile: 'honeywell-hid', port: 'hid:0C2E:0B87', sure: true },
  ])
  expect(called(things, 'Keyboard')).toMatchObject({ proposals: [], why: 'types' })
  expect(called(things, 'Touch Panel')).toMatchObject({ proposals: [], why: 'no-driver' })
})

it('a USB receipt printer that is no serial port, and an adapter that a program has taken, say so', async () => {
  const machine = new PlantedMachine()
  const usb = machine.usb('1-7', { vendorId: '0416', productId: '5011', product: 'POS58 Printer' })
  machine.file(join(machine.sys, 'class', 'usbmisc', 'lp0', 'dev'), '180:0\n')
  symlinkSync(usb, join(machine.sys, 'class', 'usbmisc', 'lp0', 'device'))
  machine.process('brltty', ['brltty'], [machine.claimedUsb()])
  const { things } = await look(machine)
  expect(called(things, 'POS58')).toMatchObject({
    kind: 'printer',
    port: null,
    proposals: [],
    why: 'usb-printer',
  })
  const taken = called(things, 'WCH CH340')
  expect(taken).toMatchObject({ port: null, proposals: [], why: 'claimed' })
  expect(taken.findings.map(({ id }) => id)).toEqual(['usb-claimed'])
})

it('a port that is bound says to what, and what keeps it from working is the doctor’s finding about its peripheral', async () => {
  const machine = new PlantedMachine()
  const node = machine.serial({ byId: 'usb-reader' })
  machine.process('ModemManager', ['/usr/sbin/ModemManager'], [node])
  const port = `serial:${join(machine.dev, 'serial', 'by-id', 'usb-reader')}?baud=115200`
  const { things, advice } = await look(machine, { bound: [{ name: 'idReader', port }] })
  expect(called(things, 'usb-reader').boundTo).toBe('idReader')
  const ids = advice.idReader?.map(({ id }) => id)
  expect(ids).toContain('port-held')
  expect(ids).toContain('modem-manager')
  const held = advice.idReader?.find(({ id }) => id === 'port-held')
  expect(held?.words.en.what).toContain('ModemManager')
  expect(held?.words.zh.todo.length).toBeGreaterThan(0)
})

it('printers that announce themselves in the network are asked who they are, and listed as proposals', async () => {
  const printer = closing(await startIppPrinterSimulator({ listen: 'tcp://127.0.0.1:0' }))
  const folder = mkdtempSync(join(tmpdir(), 'window24-ippfind-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const ippfind = join(folder, 'ippfind')
  writeFileSync(ippfind, `#!/bin/sh\necho '${printer.port}'\necho 'ipp://127.0.0.1:1/ipp/print'\nexit 1\n`)
  chmodSync(ippfind, 0o755)
  const { things } = await look(new PlantedMachine(), { ippfind })
  expect(things).toEqual([
    expect.objectContaining({
      kind: 'printer',
      port: printer.port,
      title: 'Window24 simulated printer · simulated',
    }),
  ])
  expect(things[0]?.proposals).toEqual([
    { name: 'pagePrinter', driver: 'ipp', profile: null, port: printer.port, sure: true },
  ])
})

it('an address is read as it stands on a label: a bare one may be a page printer or a receipt printer', () => {
  expect(readAddress('192.168.1.20')).toEqual([
    { kind: 'ipp', url: 'ipp://192.168.1.20/ipp/print' },
    { kind: 'tcp', host: '192.168.1.20', port: 9100 },
  ])
  expect(readAddress(' 192.168.1.20:4001 ')).toEqual([{ kind: 'tcp', host: '192.168.1.20', port: 4001 }])
  expect(readAddress('printer.hall.example:631')).toEqual([
    { kind: 'ipp', url: 'ipp://printer.hall.example/ipp/print' },
  ])
  expect(readAddress('rm -rf /')).toBeNull()
  expect(readAddress('192.168.1.20:99999')).toBeNull()
})

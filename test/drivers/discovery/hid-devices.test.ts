import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hex } from '../support.ts'
import { runWithHid } from '../transport/umockdev.ts'
import { factsOf } from './discover-here.ts'
import { PlantedMachine } from './planted-machine.ts'

/** Usage page 8C, scanner. */
const SCANNER_DESCRIPTOR = hex('058C 0902 A101 8502 0902 1500 26FF00 7508 953F 8102 C0')

test('under the real node-hid a scanner is listed with its identity and with what it says it is', async () => {
  const said = await runWithHid(
    [{ vendorId: 0x0c2e, productId: 0x0b61, product: 'Scanner', reportDescriptor: SCANNER_DESCRIPTOR }],
    fileURLToPath(new URL('./hid-child.ts', import.meta.url)),
  )
  expect(JSON.parse(said)).toMatchObject({
    library: { state: 'working' },
    devices: [
      {
        node: '/dev/hidraw0',
        vendorId: 0x0c2e,
        productId: 0x0b61,
        product: 'Scanner',
        usages: [{ page: 0x8c, usage: 2 }],
        holders: [],
      },
    ],
  })
})

test('without the library what is plugged in is still shown', async () => {
  const machine = new PlantedMachine()
  const node = machine.hid({ vendorId: '2B8B', productId: '2721', product: 'Reader', mode: 0o600 })
  machine.loadHid = () => Promise.reject(new Error('libusb-1.0.so.0: cannot open shared object file'))
  const { hid } = await factsOf(machine)
  expect(hid.library).toEqual({ state: 'missing' })
  expect(hid.devices).toMatchObject([
    {
      node,
      vendorId: 0x2b8b,
      productId: 0x2721,
      product: 'Reader',
      usages: [],
      access: { mode: 0o600 },
    },
  ])
})

test('a library that lists for ever keeps nobody waiting', async () => {
  const machine = new PlantedMachine()
  machine.hid({ vendorId: '2B8B', productId: '2721' })
  machine.loadHid = async () => ({ devicesAsync: () => new Promise(() => {}) })
  const { hid } = await factsOf(machine)
  expect(hid.library.state).toBe('silent')
  expect(hid.devices).toHaveLength(1)
})

test('a device is one, however many collections it lists, and all of them are kept', async () => {
  const machine = new PlantedMachine()
  const usages: [number, number][] = [
    [1, 6],
    [0x8c, 2],
  ]
  const node = machine.hid({ vendorId: '0C2E', productId: '0B61', usages, interface: 1 })
  const { hid } = await factsOf(machine)
  expect(hid.devices).toMatchObject([
    {
      node,
      usages: [
        { page: 1, usage: 6 },
        { page: 0x8c, usage: 2 },
      ],
      interface: 1,
      access: { group: 'dialout' },
    },
  ])
})

test('only an error that names libusb is told as a missing libusb', async () => {
  const machine = new PlantedMachine()
  machine.loadHid = () => Promise.reject(new Error("Cannot find module 'node-hid'"))
  const { hid } = await factsOf(machine)
  expect(hid.library).toEqual({ state: 'failed', detail: "Cannot find module 'node-hid'" })
})

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
        usagePage: 0x8c,
        usage: 2,
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
  expect(hid.library).toEqual({ state: 'missing', detail: expect.stringContaining('libusb-1.0-0') })
  expect(hid.devices).toMatchObject([
    {
      node,
      vendorId: 0x2b8b,
      productId: 0x2721,
      product: 'Reader',
      usagePage: null,
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

test('a device is one, however many collections it lists', async () => {
  const machine = new PlantedMachine()
  const node = machine.hid({ vendorId: '0C2E', productId: '0B61', usagePage: 0x8c, usage: 2 })
  const listings = await (await machine.loadHid()).devicesAsync()
  const [first] = listings
  if (first !== undefined) listings.push({ ...first, usagePage: 0xff00, usage: 1 })
  const { hid } = await factsOf(machine)
  expect(hid.devices).toMatchObject([{ node, usagePage: 0x8c, usage: 2, access: { group: 'dialout' } }])
})

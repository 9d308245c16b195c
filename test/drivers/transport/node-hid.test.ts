import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { SimulatedHidBus } from '../../../drivers/simulators/hid-bus.ts'
import { hex, toHex } from '../support.ts'
import { runWithHid } from './umockdev.ts'

/** Vendor page FF00, 64 bytes in, 64 bytes out, no report ids. */
const RAW_DESCRIPTOR = hex('0600FF 0901 A101 0902 1500 26FF00 7508 9540 8102 0903 9540 9102 C0')
/** Usage page 8C, scanner. */
const SCANNER_DESCRIPTOR = hex('058C 0902 A101 8502 0902 1500 26FF00 7508 953F 8102 C0')

const QUESTION = hex(`00 AAAAAA9669 0003 11 FF ED ${'00'.repeat(54)}`)
const ANSWER = hex(`AAAAAA9669 0004 00 00 90 94 ${'00'.repeat(53)}`)

function child(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

test('under the real node-hid a device is found, identified, written to and heard', async () => {
  const out = await runWithHid(
    [
      { vendorId: 0x0c2e, productId: 0x0b61, product: 'Scanner', reportDescriptor: SCANNER_DESCRIPTOR },
      {
        vendorId: 0x2b8b,
        productId: 0x2721,
        product: 'ID card reader',
        reportDescriptor: RAW_DESCRIPTOR,
        steps: [
          { writes: QUESTION },
          { reads: ANSWER, afterMs: 10 },
          { reads: ANSWER.toReversed(), afterMs: 100 },
        ],
      },
    ],
    child('hid-child.ts'),
  )
  const said = out
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  expect(said).toEqual([
    { missing: { ok: false, detail: expect.stringContaining('no such device is plugged in') } },
    {
      scanner: {
        vendorId: 0x0c2e,
        productId: 0x0b61,
        reportDescriptor: Object.fromEntries(SCANNER_DESCRIPTOR.entries()),
      },
    },
    { descriptorBytes: RAW_DESCRIPTOR.length },
    { written: true },
    { reports: [toHex(ANSWER).toLowerCase(), toHex(ANSWER.toReversed()).toLowerCase()] },
    { closed: 'closed-here' },
  ])
})

test('the simulated bus answers as the real node-hid does', async () => {
  const device = { vendorId: 0x2b8b, productId: 0x2721, product: 'ID card reader' }
  const real = await runWithHid([{ ...device, reportDescriptor: RAW_DESCRIPTOR }], child('hid-habits.ts'))
  const bus = new SimulatedHidBus()
  bus.plug({ ...device, usagePage: 0xff00, usage: 1, report: () => {} })
  const { habitsOf } = await import('./hid-habits.ts')
  expect(await habitsOf(bus.library)).toEqual(JSON.parse(real))
})

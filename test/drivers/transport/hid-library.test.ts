import { expect, test } from 'vitest'
import { hidLibrary } from '../../../drivers/transport/hid-library.ts'

test('a machine without libusb is told which Debian package is missing', async () => {
  const library = await hidLibrary(async () => ({
    devices: () => {
      throw new Error('libusb-1.0.so.0: cannot open shared object file')
    },
  }))
  expect(library).toEqual({ available: false, detail: expect.stringContaining('libusb-1.0-0') })
})

test('a library that lists devices is available', async () => {
  expect(await hidLibrary(async () => ({ devices: () => [] }))).toEqual({ available: true })
})

test('the real library answers without throwing', async () => {
  const library = await hidLibrary()
  if (!library.available) expect(library.detail).toContain('libusb-1.0-0')
})

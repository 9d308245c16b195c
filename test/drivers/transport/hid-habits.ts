/** What a HID library does at its edges. Run by itself it prints what the real one does. */

interface Handle {
  write(report: Buffer): Promise<number>
  close(): Promise<void>
}

interface Library {
  devicesAsync(vendorId: number, productId: number): Promise<object[]>
  HIDAsync: { open(path: string): Promise<Handle> }
}

/** Wants one device, 2B8B:2721 at /dev/hidraw0. */
export async function habitsOf(library: Library): Promise<Record<string, unknown>> {
  const listed = await library.devicesAsync(0x2b8b, 0x2721)
  const handle = await library.HIDAsync.open('/dev/hidraw0')
  const written = await handle.write(Buffer.alloc(65))
  const empty = await said(handle.write(Buffer.alloc(0)))
  const closed = await said(handle.close())
  return {
    keys: listed.map((device) => Object.keys(device).toSorted()),
    anyProduct: (await library.devicesAsync(0x2b8b, 0)).length,
    otherProduct: await library.devicesAsync(0x2b8b, 1),
    openingAnother: await said(library.HIDAsync.open('/dev/hidraw9')),
    written,
    empty,
    closed,
    writingClosed: await said(handle.write(Buffer.alloc(65))),
    closingClosed: await said(handle.close()),
  }
}

async function said(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => 'done',
    (error: Error) => error.message,
  )
}

if (process.argv[1] === import.meta.filename) {
  const { default: library } = await import('node-hid')
  process.stdout.write(JSON.stringify(await habitsOf(library)))
}

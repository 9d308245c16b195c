/** Speaks to the devices of `runWithHid` through the real node-hid; prints one line of JSON for each thing it saw. */
import { openPort } from '../../../drivers/transport/open-port.ts'

const DEADLINE_MS = 2000

function tell(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

const [reader, scanner, missing] = await Promise.all([
  openPort('hid:2B8B:2721'),
  openPort('hid:0C2E:0B61', undefined, { hidUsagePage: 0x8c }),
  openPort('hid:FFFF:0001'),
])
tell({ missing })
tell({ scanner: scanner.ok ? scanner.link.hid : scanner })
if (scanner.ok) await scanner.link.close()
if (!reader.ok) throw new Error(reader.detail)
tell({ descriptorBytes: reader.link.hid?.reportDescriptor?.length })

const reports: string[] = []
const { promise: two, resolve } = Promise.withResolvers<void>()
reader.link.onData((report) => {
  reports.push(Buffer.from(report).toString('hex'))
  if (reports.length === 2) resolve()
})
const report = Buffer.alloc(65)
report.set([0xaa, 0xaa, 0xaa, 0x96, 0x69, 0x00, 0x03, 0x11, 0xff, 0xed], 1)
tell({ written: await reader.link.write(report, DEADLINE_MS) })
await two
tell({ reports })
await reader.link.close()
tell({ closed: (await reader.link.closed).cause })

import { Wire } from './wire.ts'

export interface ScannerSimulator {
  readonly port: string
  /** Sends a code with CR behind it: text as UTF-8, bytes as they are. */
  scan(code: string | Uint8Array): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface ScannerSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`; port 0 takes a free one. */
  listen: string
  /** Put before each code, such as `]Q1`, as scanners do when they are set to. */
  aim?: string
}

const CR = 0x0d

/** The other end of a serial barcode scanner's cable. */
export async function startScannerSimulator(options: ScannerSimulatorOptions): Promise<ScannerSimulator> {
  const wire = await Wire.listen(options.listen, {
    attached: () => {},
    // A serial scanner takes triggers; this version's driver sends none, and a scanner ignores what it is not.
    data: () => {},
    detached: () => {},
  })
  const prefix = Buffer.from(options.aim ?? '', 'latin1')
  return {
    port: wire.port,
    scan: (code) => {
      wire.send(
        Buffer.concat([prefix, typeof code === 'string' ? Buffer.from(code, 'utf8') : code, Buffer.of(CR)]),
      )
    },
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    close: () => wire.unplug(),
  }
}

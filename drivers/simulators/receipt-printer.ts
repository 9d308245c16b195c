import { receiptPrinterProfile } from '../receipt-printer/profile.ts'
import {
  SimulatedPrinter,
  type SimulatedPrinterOptions,
  type SimulatedReceipt,
} from './receipt-printer-machine.ts'
import type { PrinterTrouble, TroubleTiming } from './receipt-printer-troubles.ts'
import { Wire } from './wire.ts'
import type { WireFaults } from './wire-faults.ts'

export type { SimulatedReceipt } from './receipt-printer-machine.ts'
export { PRINTER_TROUBLES, type PrinterTrouble, type TroubleTiming } from './receipt-printer-troubles.ts'

export type SimulatedPaper = 'ok' | 'near-end' | 'out'

export interface ReceiptPrinterSimulator {
  readonly port: string
  /** Bytes that a strict printer would not have understood, and drawings that do not fit the paper. */
  readonly errors: readonly string[]
  /** What is wrong with the wire. */
  readonly faults: WireFaults
  /** Something befalls the printer itself; gives how to mend it. Troubles stack. */
  trouble(kind: PrinterTrouble, timing?: TroubleTiming): () => void
  onReceipt(listener: (receipt: SimulatedReceipt) => void): () => void
  /** The last receipts, oldest first. Paper that was cut off without a black dot is none. */
  receipts(): SimulatedReceipt[]
  /** A hand tears off what has come out, as it must where there is no knife. */
  tearOff(): void
  /** How often paper was cut, blank scraps included. */
  cuts(): number
  /** How often the printer was told to recover (`10 05 2`). */
  recoveries(): number
  /** Whether paper is moving or something waits to be printed. */
  busy(): boolean
  setPaper(paper: SimulatedPaper): void
  setCover(open: boolean): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface ReceiptPrinterSimulatorOptions extends Omit<SimulatedPrinterOptions, 'profile'> {
  /** `tcp://127.0.0.1:PORT`; port 0 takes a free one. Or `pty:/PATH`. */
  listen: string
  /** The speed that a pty is told with; default 115200. */
  baud?: number
  /** Default `generic-80`. */
  profile?: string
}

/** The other end of an ESC/POS printer's cable. */
export async function startReceiptPrinterSimulator(
  options: ReceiptPrinterSimulatorOptions,
): Promise<ReceiptPrinterSimulator> {
  const { listen, baud, profile: name = 'generic-80', ...rest } = options
  const profile = receiptPrinterProfile(name)
  if (profile === undefined) throw new Error(`receipt printer profile "${name}" is not known`)
  const printer = new SimulatedPrinter({ ...rest, profile })
  const end = {
    attached: () => printer.attached(),
    data: (chunk: Uint8Array) => printer.take(chunk),
    detached: () => printer.detached(),
  }
  const { misuse } = printer
  const wire = await Wire.listen(listen, end, baud === undefined ? { misuse } : { baud, misuse })
  printer.connect({ send: (bytes) => wire.send(bytes), hold: (on) => wire.hold(on) })
  let mendPaper = (): void => {}
  let mendCover = (): void => {}
  return {
    get port() {
      return wire.port
    },
    errors: printer.misuse.errors,
    faults: wire.faults,
    trouble: (kind, timing) => printer.troubles.add(kind, timing),
    onReceipt: (listener) => printer.finished.add(listener),
    receipts: () => [...printer.receipts],
    tearOff: () => printer.tearOff(),
    cuts: () => printer.cuts,
    recoveries: () => printer.recoveries,
    busy: () => printer.busy,
    setPaper: (paper) => {
      const mend = mendPaper
      mendPaper = () => {}
      if (paper !== 'ok') mendPaper = printer.troubles.add(paper === 'out' ? 'paper-out' : paper)
      mend()
    },
    setCover: (open) => {
      mendCover()
      mendCover = open ? printer.troubles.add('cover-open') : () => {}
    },
    unplug: () => wire.unplug(),
    plug: () => wire.plug(),
    close: async () => {
      printer.close()
      wire.faults.clear()
      await wire.unplug()
    },
  }
}

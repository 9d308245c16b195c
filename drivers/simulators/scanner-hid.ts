import { encodeParts, type HidPosLayout } from '../scanner/hid-pos.ts'
import { scannerProfile } from '../scanner/profile.ts'
import type { PluggedHidDevice, SimulatedHidBus } from './hid-bus.ts'
import { hidPosDescriptor } from './hid-pos-descriptor.ts'
import { Misuse } from './misuse.ts'
import type { ScannerSimulator } from './scanner.ts'
import { type CodeEncoding, codeBytes } from './scanner-codes.ts'
import { SimulatedTrigger, type TriggerBehaviour } from './scanner-trigger.ts'
import { FaultyLine, type WireFault, type WireFaults } from './wire-faults.ts'

/** What becomes of single reports of a code, counted from 0. */
export interface ReportFaults {
  lost?: readonly number[]
}

export interface HidScannerSimulator extends ScannerSimulator {
  scan(code: string | Uint8Array, faults?: ReportFaults): boolean
  /** One report as it is, whatever it says. */
  send(report: Uint8Array): void
  /** While on, what a driver writes is not taken and not refused. */
  stallWrites(on: boolean): void
}

export interface HidScannerSimulatorOptions {
  bus: SimulatedHidBus
  /** Default `generic-hid-pos`. */
  profile?: string
  /** Default: the first one of the profile. */
  layout?: HidPosLayout
  /** Whether the system shows the report descriptor; default yes. */
  hasDescriptor?: boolean
  /** Default `]Q1`. */
  aim?: string
  encoding?: CodeEncoding
  trigger?: TriggerBehaviour
  onError?: (error: string) => void
}

const VENDOR_ID = 0x0c2e
const PRODUCT_ID = 0x0907
/** Of commands, where the profile has none of its own. */
const OUTPUT_REPORT_ID = 0xfd

/** A USB HID-POS scanner on a simulated bus. @throws Error for an unknown profile */
export function plugHidScanner(options: HidScannerSimulatorOptions): HidScannerSimulator {
  const name = options.profile ?? 'generic-hid-pos'
  const profile = scannerProfile(name)
  if (profile?.driver !== 'hid-pos') throw new Error(`there is no HID-POS scanner profile "${name}"`)
  const layout = options.layout ?? profile.layouts[0]
  if (layout === undefined) throw new Error(`the scanner profile "${name}" has no layout`)
  const output = { reportId: profile.trigger?.start[0] ?? OUTPUT_REPORT_ID, bytes: profile.outputReportBytes }
  const misuse = new Misuse(options.onError)
  const trigger = new SimulatedTrigger(profile.trigger, misuse, options.trigger)
  const joiner = new ReportJoiner(layout.bytes)
  let plugged: PluggedHidDevice | undefined
  const line = new FaultyLine({
    toDriver: (piece) => {
      for (const report of joiner.push(piece)) plugged?.send(report)
    },
    toDevice: (report) => {
      const isWhole = report.length === output.bytes
      if (isWhole) trigger.report(report)
      else misuse.record(`a report of ${report.length} bytes where ${output.bytes} are due`)
    },
    crowded: () => {},
  })
  misuse.excuse(() => line.spoilsCommands)
  let isConnected = false
  const plug = (): void => {
    plugged ??= options.bus.plug({
      vendorId: VENDOR_ID,
      productId: PRODUCT_ID,
      usagePage: 0x8c,
      usage: 0x02,
      product: 'Simulated scanner',
      ...(options.hasDescriptor === false ? {} : { reportDescriptor: hidPosDescriptor(layout, output) }),
      attached: () => {
        isConnected = true
      },
      detached: () => {
        isConnected = false
      },
      report: (bytes) => line.fromDriver(Uint8Array.from(bytes)),
    })
  }
  plug()
  const scan = (code: string | Uint8Array, faults: ReportFaults = {}): boolean => {
    if (!trigger.isReading) return false
    const bytes = codeBytes(code, options.encoding ?? 'utf-8')
    for (const [index, report] of encodeParts(layout, bytes, options.aim ?? ']Q1').entries()) {
      if (faults.lost?.includes(index)) continue
      line.fromDevice(report)
    }
    trigger.hasRead()
    return true
  }
  let lying: string | Uint8Array | null = null
  trigger.began = () => lying !== null && scan(lying)
  const unplug = async (): Promise<void> => {
    plugged?.unplug()
    plugged = undefined
    line.forget()
    joiner.forget()
    trigger.powerOff()
  }
  const id = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0')
  return {
    port: `hid:${id(VENDOR_ID)}:${id(PRODUCT_ID)}`,
    errors: misuse.errors,
    faults: reportFaults(line),
    scan,
    send: (report) => plugged?.send(report),
    present: (code) => {
      lying = code
      if (lying !== null) scan(lying)
    },
    behave: (behaviour) => {
      trigger.behaviour = behaviour
    },
    isReading: () => trigger.isReading,
    isConnected: () => isConnected,
    starts: () => trigger.starts,
    stallWrites: (on) => plugged?.stallWrites(on),
    unplug,
    plug: async () => plug(),
    close: unplug,
  }
}

/** USB keeps a report whole whatever happens: pieces are joined again before they are reports. */
class ReportJoiner {
  #bytes: number
  #held: Uint8Array = new Uint8Array(0)

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  push(piece: Uint8Array): Uint8Array[] {
    const joined = Uint8Array.from(Buffer.concat([this.#held, piece]))
    const whole = joined.length - (joined.length % this.#bytes)
    this.#held = joined.slice(whole)
    const starts = Array.from({ length: whole / this.#bytes }, (_, index) => index * this.#bytes)
    return starts.map((start) => joined.slice(start, start + this.#bytes))
  }

  forget(): void {
    this.#held = new Uint8Array(0)
  }
}

/** Bytes that are lost, added or late by themselves: USB has no such faults. */
const NOT_ON_USB: readonly WireFault['kind'][] = ['drop', 'noise', 'slow']

function reportFaults(line: FaultyLine): WireFaults {
  return {
    add: (fault, timing) => {
      if (NOT_ON_USB.includes(fault.kind)) {
        throw new Error(`USB carries whole reports: a HID device has no fault "${fault.kind}"`)
      }
      return line.add(fault, timing)
    },
    clear: () => line.clear(),
    list: () => line.list(),
  }
}

import { scannerProfile } from '../scanner/profile.ts'
import { Misuse } from './misuse.ts'
import { type CodeEncoding, codeBytes } from './scanner-codes.ts'
import { SimulatedTrigger, type TriggerBehaviour } from './scanner-trigger.ts'
import { Wire } from './wire.ts'
import type { WireFaults } from './wire-faults.ts'

export interface ScannerSimulator {
  readonly port: string
  /** What a real scanner would not have understood: defects of the driver. */
  readonly errors: readonly string[]
  readonly faults: WireFaults
  /** Holds a code under the window for a moment. False when the scanner waits for its trigger and reads nothing. */
  scan(code: string | Uint8Array): boolean
  /** Lets a code lie there: it is read whenever reading begins. Null takes it away. */
  present(code: string | Uint8Array | null): void
  /** How the scanner takes its trigger, from now on. */
  behave(behaviour: TriggerBehaviour): void
  isReading(): boolean
  /** Whether a driver is at the other end: what is scanned before is lost, as over a loose cable. */
  isConnected(): boolean
  /** How often it was triggered. */
  starts(): number
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface ScannerSimulatorOptions {
  /** `tcp://127.0.0.1:PORT`, port 0 takes a free one, or `pty:/PATH`. */
  listen: string
  /** A profile with a trigger reads nothing until it is triggered. Default `generic-serial`. */
  profile?: string
  /** Put before each code, such as `]Q1`, as scanners do when they are set to. */
  aim?: string
  /** Default `cr`, the commonest. */
  suffix?: keyof typeof SUFFIXES
  /** Of text; default UTF-8. */
  encoding?: CodeEncoding
  trigger?: TriggerBehaviour
  onError?: (error: string) => void
}

const SUFFIXES = { cr: '\r', lf: '\n', crlf: '\r\n', none: '' } as const

/** The other end of a serial barcode scanner's cable. @throws Error for an unknown profile or a port it cannot have */
export async function startScannerSimulator(options: ScannerSimulatorOptions): Promise<ScannerSimulator> {
  const name = options.profile ?? 'generic-serial'
  const profile = scannerProfile(name)
  if (profile?.driver !== 'serial') throw new Error(`there is no serial scanner profile "${name}"`)
  const misuse = new Misuse(options.onError)
  const trigger = new SimulatedTrigger(profile.trigger, misuse, options.trigger)
  let isConnected = false
  const end = {
    attached: () => {
      isConnected = true
    },
    data: (chunk: Uint8Array) => trigger.data(chunk),
    detached: () => {
      isConnected = false
      trigger.forget()
    },
  }
  const wire = await Wire.listen(options.listen, end, { misuse })
  const prefix = Buffer.from(options.aim ?? '', 'latin1')
  const suffix = Buffer.from(SUFFIXES[options.suffix ?? 'cr'], 'latin1')
  const scan = (code: string | Uint8Array): boolean => {
    if (!trigger.isReading) return false
    wire.send(Buffer.concat([prefix, codeBytes(code, options.encoding ?? 'utf-8'), suffix]))
    trigger.hasRead()
    return true
  }
  let lying: string | Uint8Array | null = null
  trigger.answer = (bytes) => void wire.send(bytes)
  trigger.began = () => lying !== null && scan(lying)
  const unplug = async (): Promise<void> => {
    await wire.unplug()
    // The cable is its power as well.
    trigger.powerOff()
  }
  return {
    port: wire.port,
    errors: misuse.errors,
    faults: wire.faults,
    scan,
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
    unplug,
    plug: () => wire.plug(),
    close: unplug,
  }
}

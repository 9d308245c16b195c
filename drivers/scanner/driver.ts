import { Listeners } from '../listeners.ts'
import type { Peripheral } from '../status.ts'
import { type Attendance, type Ending, supervise } from '../supervisor.ts'
import type { Connection } from '../transport/connection.ts'
import { openPort } from '../transport/open-port.ts'
import { BAR_CODE_SCANNER_PAGE, type HidPosLayout, layoutOf, outputReportBytes } from './hid-pos.ts'
import { HidPosParser } from './hid-pos-parser.ts'
import { ScannerLine, type Wiring } from './line.ts'
import {
  GENERIC_PROFILE,
  type HidPosProfile,
  type ScannerDriver,
  type ScannerProfile,
  scannerProfile,
  type TriggerProfile,
} from './profile.ts'
import { RepeatFilter } from './repeats.ts'
import { fixedReply, ReplyFilter, ssiReply } from './replies.ts'
import { SerialScanParser } from './serial.ts'
import type { Scan } from './text.ts'
import { SCANNER_TIMINGS, type ScannerTimings } from './timings.ts'
import { Arming, type ArmOutcome } from './trigger.ts'

export { SCANNER_HID_IDS, SCANNER_PROFILES, scannerProfile } from './profile.ts'
export type { Scan } from './text.ts'
export type { ArmOutcome } from './trigger.ts'

export interface Scanner extends Peripheral {
  onScan(listener: (scan: Scan) => void): () => void
  /** Begins reading, now and after each reopening. Never rejects. */
  arm(): Promise<ArmOutcome>
  /** Ends reading until it is armed again. A scanner that reads by itself goes on. */
  disarm(): Promise<void>
}

export interface ScannerOptions {
  driver: ScannerDriver
  port: string
  /** One of `SCANNER_PROFILES`; without it the scanner is taken to read by itself. */
  profile?: string | undefined
  /** The same code again within this is the same scan; 0 makes every sight one. */
  sameCodeMs?: number | undefined
  /** Whether a scanner with a trigger reads from the start; it does unless told otherwise. */
  armed?: boolean | undefined
}

/**
 * Keeps a barcode scanner at work on its port. A profile that is unknown or another driver's is a wrong
 * configuration and throws.
 */
export function superviseScanner(
  options: ScannerOptions,
  timings: ScannerTimings = SCANNER_TIMINGS,
): Scanner {
  const profile = profileOf(options)
  const scans = new Listeners<Scan>()
  // Outside the connection: a cable that is replugged while a code lies there does not make it a new scan.
  const repeats = new RepeatFilter(options.sameCodeMs)
  const arming = new Arming(profile.trigger, options.armed ?? true, timings)
  const emit = (scan: Scan): void => {
    if (!repeats.isRepeat(scan)) scans.emit(scan)
  }
  const wants = profile.driver === 'hid-pos' ? { hidUsagePage: BAR_CODE_SCANNER_PAGE } : undefined
  const peripheral = supervise<Connection>({
    port: options.port,
    open: (signal) => openPort(options.port, signal, wants),
    attend: (connection, attendance) => attend(connection, attendance, profile, arming, timings, emit),
  })
  return {
    ...peripheral,
    onScan: (listener) => scans.add(listener),
    arm: () => arming.arm(),
    disarm: () => arming.disarm(),
    close: async () => {
      await peripheral.close()
      scans.clear()
      repeats.forget()
    },
  }
}

async function attend(
  connection: Connection,
  attendance: Attendance,
  profile: ScannerProfile,
  arming: Arming,
  timings: ScannerTimings,
  emit: (scan: Scan) => void,
): Promise<Ending> {
  if ((profile.driver === 'hid-pos') !== (connection.hid !== undefined)) return wrongWire(profile)
  const line = new ScannerLine(connection, attendance, wiring(connection, profile), timings, emit)
  try {
    return await arming.attend(connection, attendance, { line, pack: packer(connection, profile) })
  } finally {
    line.stop()
  }
}

function profileOf(options: ScannerOptions): ScannerProfile {
  const name = options.profile ?? GENERIC_PROFILE[options.driver]
  const profile = scannerProfile(name)
  if (profile === undefined) throw new Error(`scanner profile "${name}" is not known`)
  if (profile.driver !== options.driver) {
    throw new Error(`scanner profile "${name}" is for the driver ${profile.driver}, not ${options.driver}`)
  }
  return profile
}

function wrongWire(profile: ScannerProfile): Ending {
  const fitting = profile.driver === 'hid-pos' ? 'hid:VID:PID' : 'serial:… or tcp://…'
  return { reason: 'cannot-open', detail: `the scanner driver ${profile.driver} works on a port ${fitting}` }
}

function wiring(connection: Connection, profile: ScannerProfile): Wiring {
  if (profile.driver === 'serial') {
    return { parser: new SerialScanParser(), replies: replyFilter(profile.trigger) }
  }
  return { parser: new HidPosParser(layoutsOf(connection, profile)), replies: undefined }
}

/** The device's own word on where things lie comes before ours. */
function layoutsOf(connection: Connection, profile: HidPosProfile): readonly HidPosLayout[] {
  const descriptor = connection.hid?.reportDescriptor
  const layout = descriptor === undefined ? undefined : layoutOf(descriptor)
  return layout === undefined ? profile.layouts : [layout]
}

function replyFilter(trigger: TriggerProfile | null): ReplyFilter | undefined {
  switch (trigger?.reply.kind) {
    case undefined:
    case 'none':
      return undefined
    case 'bytes':
      return new ReplyFilter(fixedReply(trigger.reply.bytes))
    case 'ssi':
      return new ReplyFilter(ssiReply)
  }
}

function packer(connection: Connection, profile: ScannerProfile): (command: Uint8Array) => Uint8Array {
  if (profile.driver === 'serial') return (command) => command
  const descriptor = connection.hid?.reportDescriptor
  return (command) => {
    const told = descriptor === undefined ? 0 : outputReportBytes(descriptor, command[0] ?? 0)
    const report = new Uint8Array(Math.max(command.length, told === 0 ? profile.outputReportBytes : told))
    report.set(command)
    return report
  }
}

/** What can be wrong with a machine and its ports: typed, without words, so that every face can word it. */
import type { Access } from '../../../drivers/discovery/access.ts'
import type { PrinterAnswer } from '../../../drivers/discovery/printers.ts'
import type { Holder } from '../../../drivers/discovery/processes.ts'
import type { HealthFault } from '../../http/contract.ts'

/** A fault stops work now; a warning will stop it one day; a note is for whoever wonders. */
export type Severity = 'fault' | 'warning' | 'note'

/** The keys of `peripherals` in device.json. */
export type PeripheralName = 'idReader' | 'scanner' | 'receiptPrinter' | 'pagePrinter' | 'keypad'

/** What it is about. */
export type Subject =
  | { kind: 'peripheral'; name: PeripheralName; port: string }
  /** A port that nothing is bound to, by the name it would be bound by. */
  | { kind: 'port'; port: string }
  | { kind: 'machine' }
  | { kind: 'configuration'; file: string }
  /** A device that runs, or has run, with this data folder. */
  | { kind: 'device'; dataDir: string }

/** Every kind of finding with its facts. Ports are port strings as device.json has them, paths are paths. */
export interface Matters {
  /** One line a fault: its place, and what is wrong there in English. */
  configuration: { lines: readonly ConfigurationFault[] }
  /** `line`: of the first character that cannot stand there, counted from 1. */
  'configuration-no-json': { line: number }
  /** A byte order mark before the first brace, as editors on Windows write it: the device refuses it. */
  'configuration-bom': { file: string }
  /** `code`: the system's, as ENOENT. */
  'configuration-unreadable': { file: string; code: string }
  'configuration-forbidden': { file: string; user: string }
  /** `candidates`: ports that are there. */
  'port-missing': { path: string; dangling: boolean; candidates: readonly string[] }
  'port-not-a-device': { path: string }
  'port-stuck': object
  /** Field row 4; `better` is the port to write instead, null where udev made no stable name. */
  'port-unstable': { path: string; better: string | null }
  /** Two adapters without serial numbers share one name by-id. */
  'port-ambiguous': { path: string; better: string | null }
  /** Field row 12. */
  'port-forbidden': { path: string; user: string; access: Access; groupAtNextLogin: boolean }
  'port-root-only': { path: string; access: Access }
  /** Field row 10. */
  'port-held': { path: string; holders: readonly Holder[] }
  'port-shared': { others: readonly PeripheralName[] }
  /** Field row 9. */
  'port-stalled': { path: string }
  'tcp-unknown-host': { host: string }
  'tcp-name-silent': { host: string }
  'tcp-refused': { address: string }
  'tcp-no-answer': { address: string }
  'tcp-not-connected': { address: string }
  'hid-missing': { device: string; candidates: readonly string[] }
  'hid-twins': { device: string; count: number }
  'scanner-mode': { device: string; asKeyboard: boolean }
  'hid-library-missing': object
  /** `detail`: what the library said, in English. */
  'hid-library-failed': { detail: string }
  'hid-silent': object
  /** Field row 13. */
  'modem-manager': { ports: readonly string[] }
  brltty: { ports: readonly string[] }
  'usb-claimed': { device: string; holders: readonly Holder[] }
  'cups-down': object
  'cups-silent': object
  'cups-absent': object
  /** Field row 14. */
  'cups-keeps-files': object
  'queue-policy': AtQueue & { policy: string }
  /** `jobs`: numbers of this machine's own. */
  'printer-backlog': AtQueue & { jobs: readonly number[] }
  /** The same `jobs`: whatever sets the printer going again prints them. */
  'printer-stopped': AtQueue & { reasons: readonly string[]; jobs: readonly number[] }
  'printer-refusing': AtQueue
  /** `queue`: the name of the missing queue; null when the address names none of this machine's. */
  'printer-absent': { url: string; here: boolean; queue: string | null; candidates: readonly string[] }
  'printer-unreachable': { url: string; trouble: PrinterTrouble; detail: string }
  'folder-missing': { path: string; user: string }
  'folder-is-none': { path: string }
  /** `target` as far as it is known: the folder that the path leads to. */
  'folder-forbidden': { path: string; user: string; access: Access; target: string | null }
  'holders-unseen': { processes: number; user: string }
  /** What the device itself found. `asOf`: RFC 3339, when it last said so; null while it runs. */
  'device-health': { fault: HealthFault; asOf: string | null }
  'device-stopped': { at: string }
  'device-gone': { at: string }
  'device-silent': { at: string }
  /** `code`: the system's, as ENOENT, or `damaged`. */
  'device-unknown': { dataDir: string; code: string; user: string }
}

/** `here`: a queue of this machine's CUPS, so that its commands can mend it; otherwise `host` has it. */
export interface AtQueue {
  queue: string
  here: boolean
  host: string
}

export type PrinterTrouble = Extract<PrinterAnswer, { state: 'failed' }>['trouble']

export interface ConfigurationFault {
  /** As in `peripherals.scanner.port`. */
  place: string
  detail: string
}

export type MatterId = keyof Matters

export type Matter = { [Id in MatterId]: { id: Id } & Matters[Id] }[MatterId]

export type Finding = { severity: Severity; subject: Subject } & Matter

export const isAboutConfiguration = ({ subject }: Finding): boolean => subject.kind === 'configuration'

/** One peripheral of device.json. */
export interface Bound {
  name: PeripheralName
  port: string
}

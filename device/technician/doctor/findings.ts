/** What can be wrong with a machine and its ports: typed, without words, so that every face can word it. */
import type { Access } from '../../../drivers/discovery/access.ts'
import type { Holder } from '../../../drivers/discovery/processes.ts'

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

/** Every kind of finding with its facts. Ports are port strings as device.json has them, paths are paths. */
export interface Matters {
  configuration: { lines: readonly string[] }
  /** `candidates`: ports that are there. */
  'port-missing': { path: string; dangling: boolean; candidates: readonly string[] }
  'port-not-a-device': { path: string }
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
  'tcp-refused': { address: string }
  'tcp-no-answer': { address: string }
  'tcp-not-connected': { address: string }
  'hid-missing': { device: string; candidates: readonly string[] }
  'hid-twins': { device: string; count: number }
  'scanner-mode': { device: string; asKeyboard: boolean }
  'hid-library-missing': { detail: string }
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
  'queue-policy': { queue: string; policy: string }
  /** `here`: a queue of this machine's CUPS, so that its commands can mend it. */
  'printer-backlog': { queue: string; here: boolean; jobs: number }
  'printer-stopped': { queue: string; here: boolean; reasons: readonly string[] }
  'printer-refusing': { queue: string; here: boolean }
  'printer-absent': { url: string; candidates: readonly string[] }
  'printer-unreachable': { url: string; detail: string }
  'folder-missing': { path: string; user: string }
  'folder-forbidden': { path: string; user: string }
  'holders-unseen': { processes: number; user: string }
}

export type MatterId = keyof Matters

export type Matter = { [Id in MatterId]: { id: Id } & Matters[Id] }[MatterId]

export type Finding = { severity: Severity; subject: Subject } & Matter

/** One peripheral of device.json. */
export interface Bound {
  name: PeripheralName
  driver: string
  port: string
}

/** What devices tell of their faults, in words for whoever keeps the hall. Codes that are new to this hall stay codes. */
import type { StatusFault } from '../protocol/devices.ts'
import { minute } from './commands/columns.ts'

/** What is wrong, since when by the clock of whoever reads it, and what it stops. */
export function faultInWords({ id, severity, since, stops }: StatusFault): [string, string, string] {
  const [part = '', reason = ''] = id.split('.')
  const what =
    MATTERS[id] ??
    (PERIPHERALS[part] === undefined
      ? `${part}: ${spoken(reason)}`
      : `${PERIPHERALS[part]}: ${REASONS[reason] ?? spoken(reason)}`)
  const stopped = stops.map((stop) => STOPS[stop] ?? spoken(stop)).join(', ')
  return [severity === 'warning' ? `${what} (warning)` : what, minute(new Date(since)), stopped]
}

function spoken(code: string): string {
  return code.replaceAll('-', ' ')
}

const PERIPHERALS: Record<string, string> = {
  idReader: 'ID card reader',
  scanner: 'scanner',
  receiptPrinter: 'receipt printer',
  pagePrinter: 'A4 printer',
  keypad: 'keypad',
}

const REASONS: Record<string, string> = {
  'cannot-open': 'its port cannot be opened',
  'no-answer': 'answers nothing',
  'line-lost': 'its cable or power is gone',
  'bad-frames': 'sends nothing that makes sense',
  'paper-out': 'out of paper',
  'cover-open': 'its cover is open',
  cutter: 'its cutter is stuck',
  mechanical: 'a mechanical fault',
  offline: 'switched offline',
  folder: 'its folder cannot be written',
  'supplies-empty': 'toner or ink is used up',
  'missing-library': 'its software is missing on the device',
  'paper-near-end': 'paper is running out',
  'toner-low': 'toner is running out',
}

const MATTERS: Record<string, string> = {
  'line.down': 'the line to the hall comes and goes',
  'hall.clone': 'another machine runs under the same identity',
  'hall.chain-fork': 'two chains were seen under its identity',
  'hall.three-set-aside': 'three facts in a row were refused; it has stopped sending',
  'hall.strange-answer': 'something else than the hall answers it',
  'hall.signature-refused': 'its signature is refused',
  'records.set-aside': 'facts that this hall refused were set aside',
  'records.waiting': 'facts have been waiting for long',
  'clock.implausible': 'its clock cannot be right',
  'clock.off': 'its clock is off',
  'clock.not-measured': 'its clock could not be compared with the hall’s',
  'storage.disk-full': 'its disk is full',
  'storage.quota-full': 'its storage quota is used up',
  'storage.cannot-write': 'its disk cannot be written',
  'storage.sync-failed': 'its disk fails to keep what is written',
  'storage.damaged': 'its store is damaged',
  'storage.sync-had-failed': 'its disk has failed once to keep what was written',
  'storage.damage-found': 'damage was found on its disk',
  'storage.disk-low': 'its disk is nearly full',
  'storage.quota-low': 'four fifths of its storage quota are used',
  'content.missing': 'it has no content of this hall',
  'content.behind': 'it cannot take the newest content',
  'certificate.expired': 'the certificate of its window has run out',
  'certificate.ending': 'the certificate of its window is about to run out',
  'certificate.unreadable': 'the certificate of its window cannot be read',
  'window.nobody-can-ask': 'no system and no clerk can ask at its window',
}

const STOPS: Record<string, string> = {
  everything: 'everything',
  guides: 'guides',
  'my-papers': 'my papers',
  pickup: 'collecting',
  progress: 'progress',
  ticket: 'numbers',
  feedback: 'feedback',
  scanning: 'scanning',
  receipts: 'slips',
  pages: 'A4 papers',
  pressing: 'rating by buttons',
  'hall-questions': 'questions by the hall',
  'window-interface': 'the window interface',
  upload: 'sending',
  updates: 'updates',
  times: 'right times',
}

import { spanOf } from './spans.ts'
import type { HealthWords } from './words.ts'

const unit = (name: string) => (count: number) => `${count} ${name}${count === 1 ? '' : 's'}`

const span = (ms: number): string =>
  spanOf(
    ms,
    [unit('year'), unit('day'), unit('hour'), unit('minute'), unit('second')],
    (count) => `${count} ms`,
    ' ',
  )

/** Positive: the hall is ahead, so this clock is slow. */
const off = (offsetMs: string | undefined): string => {
  const ms = Number(offsetMs ?? 0)
  return ms > 0 ? `${span(ms)} slow` : `${span(ms)} fast`
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

export const EN: HealthWords = {
  peripherals: {
    idReader: 'ID card reader',
    scanner: 'scanner',
    receiptPrinter: 'receipt printer',
    pagePrinter: 'A4 printer',
    keypad: 'rating keypad',
  },
  reasons: {
    'cannot-open': (name) => `The port of the ${name} cannot be opened`,
    'no-answer': (name) => `The ${name} answers nothing`,
    'line-lost': (name) => `The ${name} is disconnected`,
    'bad-frames': (name) => `The ${name} sends nothing that is whole`,
    'paper-out': (name) => `The ${name} is out of paper`,
    'cover-open': (name) => `The cover of the ${name} is open`,
    cutter: (name) => `The cutter of the ${name} is stuck`,
    mechanical: (name) => `The ${name} has a mechanical fault`,
    offline: (name) => `The ${name} is switched offline`,
    folder: (name) => `The folder of the ${name} cannot be written`,
    'supplies-empty': (name) => `The ${name} is out of toner or ink`,
    'missing-library': (name) => `This device lacks the library that the ${name} needs`,
    'paper-near-end': (name) => `${capital(name)}: the paper is running out`,
    'toner-low': (name) => `${capital(name)}: the toner is running out`,
  },
  matters: {
    'line.down': () => 'The hall server cannot be reached',
    'hall.not-enrolled': () => 'The hall has not enrolled this device yet',
    'hall.code-refused': () =>
      'The hall does not take the enrolment code: it is mistyped, expired, or another device has used it',
    'hall.revoked': () => 'The hall has revoked this device',
    'hall.signature-refused': () => 'The hall does not accept this device’s signature',
    'hall.chain-fork': () => 'The hall has seen two different records of this device and takes no more',
    'hall.clone': () => 'Another machine runs under this device’s identity',
    'hall.three-set-aside': () => 'The hall refused three records in a row; sending has stopped',
    'hall.strange-answer': () => 'What answers at this address is not the hall server',
    'records.set-aside': ({ count }) =>
      `Records that the hall refused and that were set aside: ${count ?? ''}`,
    'records.waiting': ({ count }) => `Records that have long waited for the hall: ${count ?? ''}`,
    'clock.implausible': ({ year }) => `This device’s clock says ${year ?? ''}, which cannot be right`,
    'clock.off': ({ offsetMs }) => `This device’s clock is ${off(offsetMs)}`,
    'clock.not-measured': () => 'This device’s clock has not been compared with the hall’s yet',
    'storage.disk-full': ({ freeMiB }) =>
      `The disk is full${freeMiB === undefined ? '' : `: ${freeMiB} MiB are left`}`,
    'storage.quota-full': ({ quotaMiB }) => `The ${quotaMiB ?? ''} MiB allowed for records are used up`,
    'storage.cannot-write': () => 'The disk cannot be written',
    'storage.sync-failed': () => 'The disk did not keep what was written',
    'storage.damaged': () => 'Records read from the disk are damaged',
    'storage.sync-had-failed': () => 'The disk once did not keep what was written; it works again',
    'storage.damage-found': () => 'Damage was found on the disk; what could be saved was saved',
    'storage.disk-low': ({ freeMiB, totalMiB }) =>
      `The disk is nearly full: ${freeMiB ?? ''} of ${totalMiB ?? ''} MiB are left`,
    'storage.quota-low': ({ usedMiB, quotaMiB }) =>
      `Of the ${quotaMiB ?? ''} MiB allowed for records ${usedMiB ?? ''} are used`,
    'content.missing': () => 'No guides or other content have come from the hall yet',
    'content.behind': () => 'The hall has newer content, and this device cannot fetch it',
    'certificate.expired': () => 'The certificate of the window interface has expired',
    'certificate.ending': ({ days }) => `Days left of the window interface’s certificate: ${days ?? ''}`,
    'certificate.unreadable': () => 'The certificate of the window interface cannot be read',
    'window.nobody-can-ask': () =>
      'The window interface has no token and the hall’s staff have no PINs: nobody can ask for a rating',
    'device.stopped': () => 'The device does not run',
  },
  stops: {
    everything: 'all services',
    guides: 'guides',
    'my-papers': 'my papers',
    pickup: 'collecting by receipt',
    progress: 'progress',
    ticket: 'queue numbers',
    feedback: 'feedback and ratings',
    scanning: 'scanning',
    receipts: 'printing slips',
    pages: 'printing A4 papers',
    pressing: 'rating by the keys',
    'hall-questions': 'questions sent by the hall',
    'window-interface': 'the window interface',
    upload: 'sending records to the hall (they are kept here)',
    updates: 'updates of content and settings',
    times: 'the times in records',
  },
  stopsNothing: 'nothing for now',
  todo: {
    'check-cable': 'Check that both ends of its cable sit firmly',
    'check-power': 'Check its power and lamp; switch it off and on',
    'free-port':
      'See with “window24 doctor” whether another program (such as ModemManager) holds the port, or the rights to it are missing',
    'choose-port': 'Choose its port again in setup under Peripherals',
    'check-model': 'Check its model and speed in setup under Peripherals',
    'load-paper': 'Put in paper',
    'new-roll-soon': 'Have a new roll ready and change it soon',
    'close-cover': 'Close the cover',
    'clear-cutter': 'Cut its power, clear the paper at the cutter, switch it on again',
    'look-inside': 'Open it and look for jammed paper; if that does not help, call for repair',
    'set-online': 'Press “online” on the printer, or read its display',
    'new-toner': 'Put in a new cartridge',
    'new-toner-soon': 'Have a new cartridge ready',
    'check-folder': 'Check that the folder exists, has room and may be written',
    'install-again': 'Install the device’s software again',
    'test-peripheral': 'Test it in setup under Peripherals',
    'check-network-cable': 'Check the network cable and the lamps of the switch',
    'run-network-check': 'Check the network in setup under Health and see at which step it ends',
    'ask-hall-running': 'Ask whoever keeps the hall server whether it is running',
    'enter-code':
      'Enter the hall’s enrolment code in setup under Device (whoever keeps the hall gets it by “window24 hall enrol”)',
    'new-code': 'Have “window24 hall enrol” run once more and enter the new code in setup under Device',
    'choose-hall': 'Check the address of the hall server in setup under Device',
    'enrol-again':
      'Have whoever keeps the hall revoke the old identity and give a new code; enrol again in setup under Device',
    'stop-twin':
      'Find the other machine that runs with the same data, most likely a cloned disk, and stop it',
    'ask-hall-software':
      'Compare the version of the hall server’s software: it may be older than this device’s',
    'send-again': 'Once the cause is gone, touch “Send again” in setup under Health',
    'wait-for-hall': 'Wait a little: it goes on by itself when the hall is back',
    'run-clock-check': 'Check the clock in setup under Health and see whether a time service keeps it',
    'set-clock': 'Set the system’s clock and switch network time on',
    'change-battery': 'If it happens after every power cut, change the battery of the board',
    'make-room': 'Make room on the disk',
    'run-storage-check': 'Check the storage in setup under Health',
    'check-disk': 'Check the disk and its cable',
    'replace-disk': 'If it happens again, replace the disk',
    restart: 'After you have looked, restart the device’s program: this warning then goes',
    'raise-quota': 'Let the records go to the hall first; if that is not enough, raise storage.quotaMiB',
    'fill-hall': 'Have content put into the hall server',
    'new-certificate': 'Put a new certificate in place (window.tls)',
    'add-token':
      'Add a token for the business system (window.tokens), or have PINs set for the staff by “window24 hall pin”',
    'mend-configuration':
      'See in setup under Configuration what is wrong there, and mend it or go back a version',
  },
  span,
  unknown: (code) => `code ${code}`,
}

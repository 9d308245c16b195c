import type { ReportWords } from './report-zh.ts'

/** Within a sentence; what is written in capitals stays so: “ID card reader”, “A4 printer”. */
const within = (name: string): string => name.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase())

export const reportEn: ReportWords = {
  title: 'Readiness report',
  hint: 'Make one before you hand the device over: each test, network, clock, storage and chain on one paper for the hall to sign.',
  ready: 'All is done: it can be handed over.',
  notReady: (count) => (count === 1 ? 'One point is open' : `${count} points are open`),
  open: {
    'not-tried': (what) => `${what}: not done yet`,
    failed: (what) => `${what}: not passed`,
    'not-working': (what) => `${what}: passed, but it is out of work now`,
    'none-bound': (what) => `${what}: none is bound`,
    'not-measured': (what) => `${what}: not measured yet`,
    'not-enrolled': (what) => `${what}: has not enrolled this device yet`,
    'not-running': (what) => `${what}: does not run`,
    fault: (what) => what,
  },
  test: (name) => `Test of the ${within(name)}`,
  places: {
    device: 'Device',
    hall: 'Hall',
    peripherals: 'Peripherals',
    screen: 'Screen',
    network: 'Network check',
    clock: 'Clock check',
    storage: 'Storage check',
  },
  toDo: 'Go there',
  make: 'Make the report',
  makeAgain: 'Make it again',
  makeAnyway: 'Make it all the same (it says what is open)',
  making: 'Making the report',
  made: (number, when, pages) => `No. ${number}, ${when}, ${pages === 1 ? 'one page' : `${pages} pages`}`,
  takeAlong: 'Print it, take it along',
  printA4: 'Print on A4',
  printReceipt: 'Print a receipt',
  noPrinter: 'No printer is bound: save it on a USB stick.',
  printed: {
    printing: 'Printing',
    printed: 'Printed: the printer says so.',
    probable: 'Printed, in all likelihood: look at where the paper comes out.',
    unknown: 'Nobody can say whether it came out: look at the tray, and print it again if it did not.',
    failed: 'It was not printed.',
  },
}

/** What several pieces of advice say in the same words. */
import { type Release, release } from './commands.ts'
import type { PeripheralName } from './findings.ts'
import type { Advice, Context, Step } from './words.ts'

export const PERIPHERALS: Record<PeripheralName, string> = {
  idReader: 'ID card reader',
  scanner: 'scanner',
  receiptPrinter: 'receipt printer',
  pagePrinter: 'A4 printer',
  keypad: 'keypad',
}

interface Named {
  name: string
  pid: number
}

export const processName = (name: string, pid: number): string => `${name} (process ${pid})`

export const holdersIn = (holders: readonly Named[]): string =>
  holders.map(({ name, pid }) => processName(name, pid)).join(', ')

/** Which line of the configuration. */
export const place = ({ subject }: Context): string =>
  subject.kind === 'peripheral'
    ? `In device.json, make peripherals.${subject.name}.port`
    : 'When you bind it, write'

export const values = (names: readonly string[]): Step[] => names.map((value) => ({ value }))

export const stop = (what: string, { subject }: Context, todo: readonly Step[]): Advice => ({
  what,
  stops:
    subject.kind === 'peripheral'
      ? `The ${PERIPHERALS[subject.name]}; everything else goes on working.`
      : 'Whatever is bound to it.',
  todo,
})

const RELEASES: Record<Release['kind'], string> = {
  service:
    'A service holds it. Unless something else needs it, stop it, then go on (it runs again after a restart of the machine; `systemctl mask` keeps it off):',
  program: 'Stop that program, then go on:',
  ask: 'See which of them can be spared, and stop that one; then go on:',
}

/** Ways to make the holders let go, before the next step. */
export const stopping = (
  holders: readonly (Named & { unit: string | null })[],
  { shell }: Context,
): Step[] => {
  const { kind, commands } = release(shell, holders)
  return [RELEASES[kind], ...commands]
}

/** What a language has to say. The two languages are two files of this shape. */
import type { Finding, MatterId, Matters, PeripheralName, Severity, Subject } from './findings.ts'

/** A sentence, a command line to type, or a text to write into a file. */
export type Step = string | { command: string } | { value: string }

export interface Advice {
  what: string
  /** Ports or lines that it is about, when they are several. */
  names?: readonly string[]
  /** What it stops, seen from the hall. */
  stops: string
  todo: readonly Step[]
}

/** What advice depends on beside the facts of the finding. */
export interface Context {
  subject: Subject
  /** The configuration file in hand, null when there is none. */
  config: string | null
}

export interface Words {
  severities: Record<Severity, string>
  peripherals: Record<PeripheralName, string>
  advice: { [Id in MatterId]: (matter: Matters[Id], context: Context) => Advice }
  page: {
    title: string
    judgedFor(user: string): string
    tally(faults: number, warnings: number): string
    nothingWrong: string
    withoutConfiguration: string
    stops: string
    todo: string
    /** Before a command that explains itself. */
    run: string
    machine: string
    configuration(file: string): string
    serialPorts: string
    hidDevices: string
    printers: string
    programs: string
    none: string
    usable: string
    forbidden: string
    rootOnly: string
    noNode: string
    heldBy(holders: string): string
    process(name: string, pid: number): string
    printerStates: Record<'idle' | 'processing' | 'stopped' | 'unknown', string>
    notAccepting: string
    keyboard: string
    runs(name: string, pids: readonly number[]): string
    cups: Record<'answering' | 'down' | 'silent' | 'not-installed', string>
    hidLibrary: Record<'working' | 'missing' | 'silent', string>
    bindSerial: string
  }
  help: string
  wrongUse: { lang: string; user(name: string): string }
}

export const adviceFor = (words: Words, finding: Finding, config: string | null): Advice =>
  adviceOn(words, finding, { subject: finding.subject, config })

const adviceOn = <Id extends MatterId>(
  words: Words,
  matter: { id: Id } & Matters[Id],
  context: Context,
): Advice => words.advice[matter.id](matter, context)

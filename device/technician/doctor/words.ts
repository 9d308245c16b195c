/** What a language has to say. The two languages are two files of this shape. */
import type { Shell } from './commands.ts'
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
export interface Context extends Setting {
  subject: Subject
}

/** Where and how the doctor was started. */
export interface Setting {
  /** The configuration file in hand, null when there is none. */
  config: string | null
  shell: Shell
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
    /** Nothing, where not everything could be seen. */
    nothingSeen: string
    /** The configuration is closed to whoever asks. */
    notJudged: string
    withoutConfiguration: string
    stops: string
    todo: string
    /** Before a command that explains itself. */
    run: string
    machine: string
    configuration(file: string): string
    device(dataDir: string): string
    boundPorts: string
    inOrder: string
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
    hidLibrary: Record<'working' | 'missing' | 'failed' | 'silent', string>
    bindSerial: string
  }
  help: string
  /** `argument`: what the parser of arguments says, in English. */
  wrongUse: { lang: string; user(name: string): string; argument(said: string): string }
}

export const adviceFor = (words: Words, finding: Finding, { config, shell }: Setting): Advice =>
  adviceOn(words, finding, { subject: finding.subject, config, shell })

const adviceOn = <Id extends MatterId>(
  words: Words,
  matter: { id: Id } & Matters[Id],
  context: Context,
): Advice => words.advice[matter.id](matter, context)

/** Versions of device.json: what changed when, undo, and taking it along on a stick. */
import { z } from 'zod'
import type { PeripheralName } from '../common.ts'

export interface ConfigurationState {
  /** The newest first; the one that stands is the first. */
  versions: ConfigurationVersion[]
  /** The version that an undo goes back to; null while there is none. */
  undoTo: number | null
  /** USB sticks that are plugged in now. */
  sticks: Stick[]
  /** An export can be sealed for the hall: the device is enrolled. */
  hallCanOpen: boolean
  /** What is under way, so that the page can say what it waits for. */
  busy: 'exporting' | 'opening' | 'applying' | null
  /** How the last export or import went; null before the first. */
  last: TransferOutcome | null
  /** What an opened file would change, before it is taken; null while none is open. */
  opened: OpenedFile | null
}

export interface ConfigurationVersion {
  number: number
  at: string
  /** Why it was written: a code, as `peripheral-bound`, `imported`, `undone`, `by-hand`. */
  why: string
  /** Places in it that differ from the one before, as `peripherals.scanner.port`; never a value. */
  changed: string[]
}

export interface Stick {
  id: string
  label: string
  freeBytes: number
  /** Why nothing can be written on it; null: it can. Not mounted, nothing can be read from it either. */
  trouble: 'not-mounted' | 'read-only' | null
  /** Files on it that this device can use. */
  files: { name: string; kind: 'configuration' | 'pin-reset'; at: string }[]
}

export interface TransferOutcome {
  what: 'export' | 'import'
  at: string
  /**
   * `done`, or why not: `stick-gone`, `stick-full`, `stick-read-only`, `stick-not-mounted`, `file-gone`,
   * `passphrase-short`, `passphrase-missing`, `wrong-passphrase`, `cut-in-half`, `altered`, `no-setup-file`, `newer`,
   * `for-the-hall`, `other-role`, `faults`, `nothing-to-export`, `not-enrolled`, `configuration`, `disk-full`…
   */
  code: string
  detail: string | null
  /** As it is called on the stick or as a download. */
  file: string | null
}

export interface OpenedFile {
  file: string
  role: 'terminal' | 'pad'
  /** Of the device that it was made on. */
  from: string
  at: string
  /** As `window24 0.1.0`. */
  software: string
  changes: string[]
  /** What is wrong with it here, with its place; it cannot be taken while there is one. */
  faults: FileFault[]
  /** Peripherals that are in the file and not at this device: it can be taken without them. */
  missing: { name: PeripheralName; port: string }[]
  /** What a file never carries and this device has not got yet: to be given when it is taken. */
  needs: ('name' | 'window')[]
}

export interface FileFault {
  /** `unsound`, `other-role`, or the id of a finding of the doctor, as `port-held`. */
  code: string
  place: string
  /** English, for whoever mends it; the page has its own words for each code it knows. */
  detail: string
}

const Id = z.string().min(1).max(128)
const Passphrase = z.string().min(1).max(128)

export const ConfigurationAction = z.discriminatedUnion('type', [
  /** Takes back the newest change; again: that undo. */
  z.strictObject({ type: z.literal('undo') }),
  z.strictObject({ type: z.literal('go-to'), number: z.int().min(1) }),
  z.strictObject({ type: z.literal('look-for-sticks') }),
  /** Sealed by a passphrase, or for the hall (null). `stick` null: as a download of this page. */
  z.strictObject({ type: z.literal('export'), stick: Id.nullable(), passphrase: Passphrase.nullable() }),
  z.strictObject({ type: z.literal('open'), stick: Id, file: Id, passphrase: Passphrase.nullable() }),
  /** `name` and `window` where the opened file needs them. */
  z.strictObject({
    type: z.literal('import'),
    name: z.string().min(1).max(60).nullable(),
    window: z.string().min(1).max(32).nullable(),
    withoutMissing: z.boolean(),
  }),
  z.strictObject({ type: z.literal('close') }),
])
export type ConfigurationAction = z.infer<typeof ConfigurationAction>

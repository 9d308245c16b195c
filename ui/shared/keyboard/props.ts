import type { Preferences } from '../../../device/http/contract.ts'
import type { KeyboardForm } from './layout.ts'

export interface KeyboardProps {
  /** The host's text; the keyboard keeps no copy. */
  value?: string
  /** In UTF-16 units, as `max` of the device's schemas counts. */
  maxLength: number
  language: Preferences['language']
  /** The accessible name of what is written: `您要反映什么`. */
  label: string
  placeholder?: string
  /** Without it there is no key for a new line: for names. */
  multiline?: boolean
  /** By `keyboardFormIn`, where a panel may be low. */
  form?: KeyboardForm
  onDone: () => void
}

/** What `bind:this` gives. */
export interface Clearable {
  clear: () => void
}

export type NumberKind = 'phone' | 'id' | 'digits'

export interface NumberPadProps {
  value?: string
  kind: NumberKind
  /** For `digits`; a phone has 12 at most with its area code, an ID number 18. */
  maxLength?: number
  language: Preferences['language']
  label: string
  onDone: () => void
}

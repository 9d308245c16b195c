/** What is plugged in, what is bound, and whether it does its work. */
import { z } from 'zod'
import type { Language, PeripheralName, PeripheralView } from '../common.ts'

const Name = z.enum(['idReader', 'scanner', 'receiptPrinter', 'pagePrinter', 'keypad'])

export interface PeripheralsState {
  bound: BoundPeripheral[]
  /** Null until it was asked for. */
  found: Found | null
  /** The bytes of the peripheral that is being looked at; null while none is. */
  live: LiveBytes | null
  /** The test that runs, or the one that ended last, until another begins or it is put away. */
  test: RunningTest | null
  /** The newest change that was made in this room and can be taken back with `undo`; null while there is none. */
  undo: { what: 'bound' | 'unbound'; name: PeripheralName } | null
}

export interface BoundPeripheral {
  name: PeripheralName
  driver: string
  profile: string | null
  port: string
  /** As the device sees it now; null while no device runs. */
  status: (PeripheralView & { detail: string | null }) | null
  /** What the doctor finds about its port, the worst first; as of the last look. */
  advice: Advice[]
  /** The last one that was made since the port was bound. */
  test: TestResult | null
}

/** One finding of the doctor, in words. */
export interface Advice {
  /** Of the doctor's finding, as `port-held`. */
  id: string
  severity: 'fault' | 'warning' | 'note'
  words: Record<Language, AdviceWords>
}

export interface AdviceWords {
  what: string
  stops: string
  /** `type`: a command or a value, to be typed as it stands. */
  todo: { kind: 'say' | 'type'; text: string }[]
}

export interface TestResult {
  outcome: 'passed' | 'failed'
  /** RFC 3339. */
  at: string
  /** Which step it fell at, and why: stable codes; null where it passed. */
  step: string | null
  reason: string | null
  software: string
  /** Of a print: what the printer's word was worth. */
  proof: 'confirmed' | 'probable' | null
}

export interface Found {
  state: 'looking' | 'done'
  at: string
  tookMs: number | null
  things: FoundThing[]
}

/** Something that is plugged in or answers. Never bound by itself. */
export interface FoundThing {
  /** Of this look alone. */
  id: string
  kind: 'serial' | 'hid' | 'printer' | 'address' | 'folder'
  /** What it is called by its most stable name, as `serial:/dev/serial/by-id/…`; null where it has none. */
  port: string | null
  /** Maker and model where they are known, else what the machine calls it. */
  title: string
  /** What it can be, the likeliest first; empty: it cannot be used, and `why` or `advice` says what keeps it. */
  proposals: Proposal[]
  /** The peripheral that has this port now. */
  boundTo: PeripheralName | null
  /**
   * `no-driver`: nothing in this software works with it; `types`: it types like a keyboard; `no-address`: nothing
   * that can be asked; `refused`, `no-answer`, `unknown-host`, `name-silent`, `no-printer`: of an address that was
   * asked; `absent`: no such thing here; `claimed`: another program has taken it from the system.
   */
  why: string | null
  /** What the doctor finds about it. */
  advice: Advice[]
}

/** As `bind` takes it. */
export interface Proposal {
  name: PeripheralName
  driver: string
  profile: string | null
  /** The whole port string of device.json, speed and all. */
  port: string
  /** It says so itself, or is known by its numbers; else it is only possible. */
  sure: boolean
}

export interface LiveBytes {
  name: PeripheralName
  /** Since the look began; more than the lines hold, in time. */
  bytesIn: number
  bytesOut: number
  /** The newest last. Bytes as hex pairs; those that may be somebody's are `··`. */
  lines: { at: string; direction: 'in' | 'out'; hex: string; count: number }[]
}

/** What the technician has to do now (`step`), in codes that the page has words for. */
export interface RunningTest {
  name: PeripheralName
  /** `stopped`: by hand, before it had a result. */
  state: 'running' | 'passed' | 'failed' | 'stopped'
  steps: { code: string; state: 'waiting' | 'now' | 'passed' | 'failed'; reason: string | null }[]
  /** What the step shows: a code to scan, what was seen (masked), the key to press. */
  facts: Record<string, string>
  /** The step wants an answer of the technician: whether what came out is right. */
  asks: boolean
  /** RFC 3339: when the step that waits gives up; null where it waits for the technician's answer. */
  until: string | null
}

const Entry = z.strictObject({
  name: Name,
  driver: z.string().min(1).max(32),
  profile: z.string().min(1).max(64).nullable(),
  port: z.string().min(1).max(500),
})

export const PeripheralsAction = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('look') }),
  /** An address that no look can find: a device server, a network printer. It is asked at once. */
  z.strictObject({ type: z.literal('look-at'), port: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('bind'), entry: Entry }),
  z.strictObject({ type: z.literal('unbind'), name: Name }),
  z.strictObject({ type: z.literal('watch'), name: Name.nullable() }),
  z.strictObject({ type: z.literal('test'), name: Name }),
  z.strictObject({ type: z.literal('answer'), right: z.boolean() }),
  /** Ends a test that runs, without a result; puts away one that has ended. */
  z.strictObject({ type: z.literal('stop-test') }),
  /** Takes back the newest change of this room; again: that undo. */
  z.strictObject({ type: z.literal('undo') }),
])
export type PeripheralsAction = z.infer<typeof PeripheralsAction>

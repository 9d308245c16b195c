import { readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WireFault, WireFaults } from '../../../drivers/simulators/wire-faults.ts'
import type { Peripheral } from '../../../drivers/status.ts'

/** What can be wrong while the cable is in. */
export type Trouble =
  | 'split'
  | 'merged'
  | 'slow'
  | 'doubled'
  | 'noise'
  | 'lost bytes'
  | 'turned bits'
  | 'stalled'
  | 'half-open'
  | 'garbage'
  | 'broken answers'
  | 'lost answers'

/** Brings what was begun to its end, after whatever happened to it. */
export type Settle = () => Promise<void>

/** One driver on one transport. */
export interface Subject {
  /** `id reader over tcp` */
  name: string
  /** What it may be doing when somebody pulls the plug; the first is what it does when trouble begins. */
  states: readonly string[]
  /** Under these it does its work as if nothing were. */
  worksThrough: readonly Trouble[]
  /** These it cannot work through; afterwards it works as before. */
  survives: readonly Trouble[]
  /** Whether silence is a sign of loss. Scanners without a trigger and keypads cannot be asked quietly. */
  canBeAsked: boolean
  /** Whether what comes in is counted: a folder sends nothing. */
  countsFrames: boolean
  /** Whether what its port names is called differently each time it is plugged in (field row 4). */
  comesBackRenamed: boolean
  /** The status of one that cannot be found. */
  absence: string
  /** The other end of the wire, with the cable out if told so, and the driver, which is started last. */
  start(cable: 'in' | 'out'): Promise<Bench>
}

export interface Bench {
  peripheral: Peripheral
  /** What the simulated device could not have understood. */
  errors(): readonly string[]
  /** What came out that was doubled, half done, or never put in. */
  wrong(): string[]
  /** One whole piece of work, up to its result. Fails when the result is another. */
  work(): Promise<void>
  enter(state: string): Promise<Settle>
  /** What people do in the middle of trouble, whether anything comes of it or not. */
  meanwhile?(): void
  /** Gives how to end it. */
  trouble(kind: Trouble): () => void
  /** What the stable name stands for just now; undefined where there is no other. */
  innerName(): string | undefined
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export const NOTHING_BEGUN: Settle = async () => {}

/** A day's worth of a bad cable, each for itself. */
const WIRE_TROUBLES: Partial<Record<Trouble, WireFault>> = {
  split: { kind: 'split', bytes: 3, gapMs: 2 },
  // Shorter than the silence that ends a scan.
  merged: { kind: 'merge', holdMs: 30 },
  slow: { kind: 'slow', baud: 9600 },
  doubled: { kind: 'duplicate' },
  noise: { kind: 'noise', everyMs: 15, bytes: 6, seed: 24 },
  'lost bytes': { kind: 'drop', every: 40 },
  'turned bits': { kind: 'flip', every: 50, mask: 0x10 },
  stalled: { kind: 'stall' },
  'half-open': { kind: 'half-open' },
}

export function wireTrouble(faults: WireFaults, kind: Trouble): () => void {
  const fault = WIRE_TROUBLES[kind]
  if (fault === undefined) throw new Error(`a wire knows no trouble "${kind}"`)
  return faults.add(fault)
}

/** Where a simulator listens; `remove` tidies up behind it. */
export interface Place {
  listen: string
  innerName(): string | undefined
  remove(): Promise<void>
}

export async function tcpPlace(): Promise<Place> {
  return { listen: 'tcp://127.0.0.1:0', innerName: () => undefined, remove: async () => {} }
}

export async function ptyPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'window24-conformance-'))
  const path = join(folder, 'by-id', 'adapter')
  return {
    listen: `pty:${path}`,
    innerName: () => readlinkSync(path),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Looks after a running device's health: what has lasted, told at each change, written down for the doctor. */
import { formatInstant } from '../../sync/protocol/identifiers.ts'
import type { HealthFault } from '../http/contract.ts'
import { SOFTWARE } from '../software.ts'
import { judgeHealth } from './judge.ts'
import { unknownParts } from './judge-peripherals.ts'
import { type HealthNote, readHealthNote, writeHealthNote } from './note.ts'
import { createSettler, LASTING, type Lasting } from './settle.ts'
import type { HealthSnapshot } from './snapshot.ts'
import type { Trouble, TroubleKind } from './trouble.ts'

/** Disk, backlog and certificate tell nobody when they change. A look is some hundred microseconds. */
const LOOK_EVERY_MS = 5_000
/** A reader that is plugged in changes its state several times at once, and a session is published at each touch. */
const LOOK_TOGETHER_MS = 250
/** The doctor takes a note that is older by several of these for one of a device that hangs. */
export const NOTE_EVERY_MS = 60_000

export interface DeviceHealth {
  /** What is wrong and has lasted: the worst first, then the oldest. */
  faults(): HealthFault[]
  /** Told when that is another list; returns how to stop listening. */
  onChange(listener: () => void): () => void
}

export interface HealthWatch extends DeviceHealth {
  /** Something may be another way now. */
  look(): void
  close(): void
}

export interface HealthWatchOptions {
  dataDir: string
  /** Whose it is, for the note. */
  device: { role: 'terminal' | 'pad'; name: string; id: () => string | null }
  snapshot: () => HealthSnapshot
  onTrouble: (error: unknown) => void
  lasting?: Record<TroubleKind, Lasting>
  monotonic?: () => number
}

/** It looks for the first time at once, and tells of nothing before `look` or the first beat. */
export const watchHealth = (options: HealthWatchOptions): HealthWatch => {
  const { dataDir, device, onTrouble, lasting = LASTING, monotonic = () => performance.now() } = options
  const before = readHealthNote(dataDir)
  const settler = createSettler(new Map(before.found === 'note' ? before.note.parts : []), lasting)
  const listeners = new Set<() => void>()
  let faults: HealthFault[] = []
  let known = ''
  let last: HealthSnapshot | null = null
  let notedMs = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  let dueAtMs = Number.POSITIVE_INFINITY
  let closed = false

  const noteNow = (pid: number | null): void => {
    if (last === null) return
    notedMs = monotonic()
    writeHealthNote(dataDir, noteOf(device, last, faults, settler.told(), pid))
  }

  const look = (): void => {
    if (closed) return
    clearTimeout(timer)
    dueAtMs = Number.POSITIVE_INFINITY
    let waitMs = LOOK_EVERY_MS
    try {
      const snapshot = options.snapshot()
      const settled = settler.see(judgeHealth(snapshot), unknownParts(snapshot), monotonic())
      last = snapshot
      waitMs = Math.min(waitMs, settled.dueMs ?? waitMs)
      take(settled.troubles)
    } catch (error) {
      onTrouble(error)
    }
    if (!closed) lookIn(waitMs)
  }

  const take = (troubles: readonly Trouble[]): void => {
    faults = troubles.map(({ part: _, ...fault }) => fault)
    // Without what counts on by itself: a backlog of 41 instead of 40 is no other trouble.
    const now = JSON.stringify(faults.map(({ facts: _, ...fault }) => fault))
    const changed = now !== known
    known = now
    if (changed || monotonic() - notedMs >= NOTE_EVERY_MS) noteNow(process.pid)
    if (changed) for (const listener of listeners) listener()
  }

  const lookIn = (waitMs: number): void => {
    const atMs = monotonic() + Math.max(0, waitMs)
    if (closed || atMs >= dueAtMs) return
    clearTimeout(timer)
    dueAtMs = atMs
    timer = setTimeout(look, Math.max(0, waitMs))
  }
  lookIn(0)

  return {
    faults: () => faults,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    look: () => lookIn(LOOK_TOGETHER_MS),
    close() {
      if (closed) return
      closed = true
      clearTimeout(timer)
      listeners.clear()
      noteNow(null)
    },
  }
}

const noteOf = (
  { role, name, id }: HealthWatchOptions['device'],
  { backlog, setAside }: HealthSnapshot,
  faults: readonly HealthFault[],
  parts: HealthNote['parts'],
  pid: number | null,
): HealthNote => ({
  at: formatInstant(new Date()),
  pid,
  role,
  name,
  deviceId: id(),
  software: SOFTWARE,
  faults: [...faults],
  parts,
  backlog,
  setAside: { count: setAside.count },
})

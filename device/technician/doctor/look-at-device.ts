/** What a device's own program says of its health: from the note in its data folder, whether it runs now or not. */
import { readFileSync, statSync } from 'node:fs'
import { type HealthNote, readHealthNote } from '../../health/note.ts'
import { NOTE_EVERY_MS } from '../../health/watch.ts'
import type { HealthFault } from '../../http/contract.ts'
import type { Finding, Matter, Severity, Subject } from './findings.ts'

/** A device writes its note every minute; one that is busy may be late once. */
const SILENT_AFTER_MS = 3 * NOTE_EVERY_MS

export interface DeviceLook {
  dataDir: string
  /** `gone`: it ended without a word; `silent`: its process is there and does nothing; `unknown`: no note can be read. */
  state: 'running' | 'stopped' | 'gone' | 'silent' | 'unknown'
  /** RFC 3339, when it last told of itself; null where it never did. */
  at: string | null
  faults: readonly HealthFault[]
}

export const lookAtDevice = (
  dataDir: string,
  user: string,
  now = new Date(),
): { look: DeviceLook; findings: Finding[] } => {
  const subject: Subject = { kind: 'device', dataDir }
  const about = (matter: Matter, severity: Severity): Finding => ({ severity, subject, ...matter })
  const read = readHealthNote(dataDir)
  if (read.found === 'none') {
    const look: DeviceLook = { dataDir, state: 'unknown', at: null, faults: [] }
    const finding = about({ id: 'device-unknown', dataDir, code: read.code, user }, 'warning')
    return { look, findings: [finding] }
  }
  const { note } = read
  const state = stateOf(note, now)
  const { at, faults } = note
  const asOf = state === 'running' ? null : at
  const findings = faults.map((fault) => about({ id: 'device-health', fault, asOf }, fault.severity))
  return { look: { dataDir, state, at, faults }, findings: [...ofState(state, at, about), ...findings] }
}

const ofState = (
  state: DeviceLook['state'],
  at: string,
  about: (matter: Matter, severity: Severity) => Finding,
): Finding[] => {
  switch (state) {
    case 'stopped':
      return [about({ id: 'device-stopped', at }, 'note')]
    case 'gone':
      return [about({ id: 'device-gone', at }, 'fault')]
    case 'silent':
      return [about({ id: 'device-silent', at }, 'fault')]
    case 'running':
    case 'unknown':
      return []
  }
}

const stateOf = ({ pid, at }: HealthNote, now: Date): DeviceLook['state'] => {
  if (pid === null) return 'stopped'
  const startedMs = startOf(pid)
  // A number that was given to another process since then.
  if (startedMs === null || startedMs > Date.parse(at)) return 'gone'
  return now.getTime() - Date.parse(at) > SILENT_AFTER_MS ? 'silent' : 'running'
}

/** When that process began, milliseconds since the epoch; null where there is none, or it has ended and nobody asked. */
const startOf = (pid: number): number | null => {
  try {
    const state = /\)\s+(\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]
    return state === 'Z' ? null : statSync(`/proc/${pid}`).ctimeMs
  } catch {
    return null
  }
}

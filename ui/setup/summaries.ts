import type { FirstRunStep, SetupRooms } from '../../device/http/contract.ts'
import { circleCheck, fileText } from '../shared/icons.ts'
import { cable, heartPulse, history, lifeBuoy, monitorCog, notYet } from './icons.ts'
import type { Room } from './page-props.ts'
import type { RoomEntry } from './parts/room-list.svelte'
import type { Words } from './words/zh.ts'

export const ROOMS: readonly Room[] = ['device', 'peripherals', 'configuration', 'health', 'report', 'bundle']
export const STEPS: readonly FirstRunStep[] = ['name', 'hall', 'role', 'peripherals', 'screen', 'report']
/** What is there besides the steps of the first run, such as taking a configuration from a stick. */
export const ROOMS_BESIDE_STEPS: readonly Room[] = ['configuration', 'health', 'bundle']

const NO_DEVICE = { role: null, name: null, runs: false } as const
const NO_REPORT = { ready: false, open: [] } as const

type Line = Pick<RoomEntry, 'line' | 'look'>

/** How each room is, in one line. */
export const lineOf = (room: Room, rooms: SetupRooms, words: Words): Line => {
  const { lines } = words
  switch (room) {
    case 'device': {
      const { role, name, runs } = rooms.device ?? NO_DEVICE
      if (role === null) return { line: lines.notSet, look: 'hint' }
      if (!runs) return { line: lines.stopped, look: 'bad' }
      return { line: lines.device(name ?? words.unnamed, words.roles[role]), look: 'hint' }
    }
    case 'peripherals': {
      const bound = rooms.peripherals?.bound ?? []
      const bad = bound.filter(({ status }) => status?.state === 'fault').length
      if (bad > 0) return { line: lines.boundBad(bad, bound.length), look: 'bad' }
      const passed = bound.filter(({ test }) => test?.outcome === 'passed').length
      if (passed > 0) return { line: lines.tested(passed, bound.length), look: 'hint' }
      return { line: lines.bound(bound.length), look: 'hint' }
    }
    case 'configuration': {
      const newest = rooms.configuration?.versions[0]
      return {
        line: newest === undefined ? lines.noVersion : lines.version(newest.number),
        look: 'hint',
      }
    }
    case 'health': {
      const faults = rooms.health?.faults ?? []
      const bad = faults.filter(({ severity }) => severity === 'fault').length
      if (bad > 0) return { line: lines.faults(bad), look: 'bad' }
      if (faults.length > 0) return { line: lines.warnings(faults.length), look: 'warn' }
      return { line: lines.healthy, look: 'good' }
    }
    case 'report': {
      const { ready, open } = rooms.report ?? NO_REPORT
      return ready ? { line: lines.ready, look: 'good' } : { line: lines.notReady(open.length), look: 'hint' }
    }
    case 'bundle': {
      const state = rooms.bundle?.state ?? 'none'
      return { line: state === 'made' ? lines.bundleMade : lines.noBundle, look: 'hint' }
    }
    default:
      return room satisfies never
  }
}

const ICONS: Record<Room, string> = {
  device: monitorCog,
  peripherals: cable,
  configuration: history,
  health: heartPulse,
  report: fileText,
  bundle: lifeBuoy,
}

export const roomEntries = (which: readonly Room[], rooms: SetupRooms, words: Words): RoomEntry[] =>
  // What this device has no room for is left out.
  which
    .filter((room) => rooms[room] !== undefined)
    .map((room) => ({
      id: room,
      name: words.rooms[room],
      svg: ICONS[room],
      ...lineOf(room, rooms, words),
    }))

/** A step that was done, in the device's eyes or by its own room. */
export const isDone = (step: FirstRunStep, rooms: SetupRooms): boolean =>
  step === 'report' ? rooms.report?.made != null : (rooms.device?.firstRun?.done.includes(step) ?? true)

export const stepEntries = (rooms: SetupRooms, words: Words): RoomEntry[] =>
  STEPS.map((step, at) => {
    const done = isDone(step, rooms)
    return {
      id: step,
      name: `${at + 1}. ${words.first.steps[step]}`,
      svg: done ? circleCheck : notYet,
      line: done ? words.first.done : words.first.open,
      look: done ? 'good' : 'hint',
    }
  })

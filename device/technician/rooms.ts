/** The rooms of the technician's pages, by their names. */
import type { Machine } from '../../drivers/discovery/machine.ts'
import { openHealthRoom } from '../health/room.ts'
import type { SetupAction, SetupRooms } from '../http/contract/setup.ts'
import { openBundleRoom } from './bundle/room.ts'
import { configurationRoom } from './configuration/room.ts'
import { openDeviceRoom } from './device/room.ts'
import { openPeripheralsRoom } from './peripherals/room.ts'
import { openReportRoom } from './report/room.ts'
import { type OtherRooms, refuse, type SetupAnswer, type SetupRoom, type Workshop } from './workshop.ts'

type Name = Exclude<SetupAction['room'], 'access'>
type ActionOf<Of extends Name> = Extract<SetupAction, { room: Of }>['action']
type OneRoom<Of extends Name> = SetupRoom<NonNullable<SetupRooms[Of]>, ActionOf<Of>>

/** A line for each. `others`: the rooms above it; `machine`: this one, unless told otherwise. */
const OPENERS: {
  [Of in Name]?: (workshop: Workshop, others: OtherRooms, machine?: Machine) => OneRoom<Of>
} = {
  device: openDeviceRoom,
  peripherals: (workshop, _others, machine) =>
    openPeripheralsRoom(workshop, machine === undefined ? {} : { machine }),
  configuration: (workshop, _others, machine) =>
    configurationRoom(workshop, machine === undefined ? {} : { machine }),
  health: openHealthRoom,
  report: openReportRoom,
  bundle: openBundleRoom,
}

export interface Rooms {
  state(): SetupRooms
  act(action: Exclude<SetupAction, { room: 'access' }>): Promise<SetupAnswer>
  /** Nobody is in any more. */
  left(): void
  close(): Promise<void>
}

export const openRooms = (workshop: Workshop, machine?: Machine): Rooms => {
  const rooms: { [Of in Name]?: OneRoom<Of> } = {}
  const open = <Of extends Name>(name: Of): void => {
    const opener: (typeof OPENERS)[Of] | undefined = OPENERS[name]
    const above = all()
    const others: OtherRooms = { state: () => statesOf(above), act }
    if (opener !== undefined) Object.assign(rooms, { [name]: opener(workshop, others, machine) })
  }
  const all = () => Object.entries(rooms)
  const statesOf = (some: ReturnType<typeof all>): SetupRooms =>
    Object.fromEntries(some.map(([name, room]) => [name, room.state()]))
  const act: Rooms['act'] = async ({ room, action }) => {
    // Its own actions only: the schema of the route has put them together.
    const found = rooms[room] as SetupRoom<unknown, typeof action> | undefined
    return (await found?.act(action)) ?? refuse('no-such-room', `this device has no room ${room}`)
  }
  for (const name of ['device', 'peripherals', 'configuration', 'health', 'report', 'bundle'] as const)
    open(name)

  return {
    state: () => statesOf(all()),
    act,
    left() {
      for (const [, room] of all()) room.left?.()
    },
    async close() {
      await Promise.all(all().map(([, room]) => room.close()))
    },
  }
}

import type {
  AccessAction,
  Language,
  SetupAction,
  SetupRooms,
  SetupState,
} from '../../device/http/contract.ts'
import type { Words } from './words/zh.ts'

export type Room = keyof SetupRooms

/** What can be done in one room. */
export type RoomAction<R extends Room> = Extract<SetupAction, { room: R }>['action']

/** What every room's page (`pages/ROOM.svelte`) is given; its own words lie in `words/ROOM-zh.ts` and `-en.ts`. */
export interface PageProps<R extends Room> {
  /** The words that all pages share: undo, close, times, peripherals' names. */
  words: Words
  language: Language
  state: NonNullable<SetupRooms[R]>
  all: SetupState
  /** The device's clock now, milliseconds since the epoch: for countdowns; moves twice a second. */
  now: number
  /** True when it was done; else the page's head says why, and `all.refused`. */
  act: (action: RoomAction<R>) => Promise<boolean>
  /** Of whoever is in: another PIN. */
  access: (action: AccessAction) => Promise<boolean>
  /** To another room, as from a fault to the peripheral that has it. */
  goto: (room: Room) => void
}

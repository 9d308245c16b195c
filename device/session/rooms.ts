/** The services of a terminal. A new one is a folder with its room, and one line here. */
import type { TerminalView } from '../http/contract.ts'
import { feedbackRoom } from './feedback/room.ts'
import { guidesRoom } from './guides/room.ts'
import { papersRoom } from './papers/room.ts'
import { pickupRoom } from './pickup/room.ts'
import { printRoom, printRunRoom } from './print-rooms.ts'
import { proofsRoom } from './proofs/room.ts'
import { ratingRoom } from './rating/room.ts'
import type { Room } from './room.ts'
import type { PlainAction } from './state.ts'
import { ticketsRoom } from './tickets/room.ts'

export const rooms: readonly Room[] = [
  guidesRoom,
  papersRoom,
  proofsRoom,
  ticketsRoom,
  feedbackRoom,
  pickupRoom,
  ratingRoom,
  printRoom,
  printRunRoom,
]

export const roomOfPage = (name: TerminalView['name']): Room | null =>
  rooms.find(({ pages }) => pages.includes(name)) ?? null

export const roomOfAction = (type: PlainAction['type']): Room | null =>
  rooms.find(({ actions }) => actions.includes(type)) ?? null

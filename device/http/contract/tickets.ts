/** Queue tickets: what one can queue for now, and the number taken. */
import type { QueueAnswer } from '../../../sync/protocol/queue.ts'

export interface QueueType extends Omit<QueueAnswer['types'][number], 'name' | 'area'> {
  name: string
  nameEnglish: string
  area: string
  areaEnglish: string
}

export type TicketsView = { name: 'queue'; types: QueueType[] }

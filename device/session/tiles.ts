import type { Service, Tile, Unavailable } from '../http/contract.ts'

export interface TileConditions {
  /** What this terminal is set up to offer. */
  offered: readonly Service[]
  online: boolean
  reader: boolean
  scanner: boolean
  /** The hall's guides have come at least once. */
  content: boolean
  /** The hall hands out numbers. */
  numbers: boolean
}

/** In the order of the home page; a tile whose device or line is down stays in its place. */
const ORDER: readonly Service[] = ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback']

export const tilesOf = (conditions: TileConditions): Tile[] =>
  ORDER.map((service) => ({ service, unavailable: whyUnavailable(service, conditions) }))

const whyUnavailable = (service: Service, conditions: TileConditions): Unavailable | null => {
  if (!conditions.offered.includes(service)) return 'not-offered'
  switch (service) {
    case 'guides':
      return conditions.content ? null : 'no-content'
    case 'my-papers':
      if (!conditions.online) return 'line-down'
      return conditions.reader ? null : 'reader-down'
    case 'pickup':
    case 'progress':
      if (!conditions.online) return 'line-down'
      // The card opens a case as well as its receipt does.
      return conditions.scanner || conditions.reader ? null : 'scanner-down'
    case 'ticket':
      if (!conditions.numbers) return 'not-offered'
      return conditions.online ? null : 'line-down'
    // What is said here is kept on this machine until the line is up.
    case 'feedback':
      return null
  }
}

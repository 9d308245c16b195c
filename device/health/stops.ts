/** What a trouble stops, by what uses the part: the tiles that would be lit if that part alone were in order. */
import type { PeripheralName, Service } from '../http/contract.ts'
import { type TileConditions, tilesOf } from '../session/tiles.ts'
import type { HealthSnapshot } from './snapshot.ts'
import type { StopCode } from './trouble.ts'

type Part = PeripheralName | 'line' | 'content'

export const stopsOf = (part: Part, snapshot: HealthSnapshot): StopCode[] => [
  ...tilesDimmedBy(part, snapshot),
  ...alsoStopped(part, snapshot.role),
]

const alsoStopped = (part: Part, role: HealthSnapshot['role']): StopCode[] => {
  switch (part) {
    case 'idReader':
      return []
    case 'scanner':
      return role === 'terminal' ? ['scanning'] : []
    case 'receiptPrinter':
      return ['receipts']
    case 'pagePrinter':
      return ['pages']
    case 'keypad':
      return ['pressing']
    case 'line':
      return role === 'pad' ? ['hall-questions', 'upload', 'updates'] : ['upload', 'updates']
    case 'content':
      return []
  }
}

const tilesDimmedBy = (part: Part, snapshot: HealthSnapshot): Service[] => {
  if (snapshot.role === 'pad') return []
  const now: TileConditions = {
    offered: snapshot.offered,
    online: snapshot.hall.line.up,
    reader: isReady(snapshot, 'idReader'),
    scanner: isReady(snapshot, 'scanner'),
    content: snapshot.hasContent,
    numbers: snapshot.numbers,
  }
  const [broken, mended] = [without(now, part, false), without(now, part, true)]
  const lit = new Set(tilesOf(mended).flatMap((tile) => (tile.unavailable === null ? [tile.service] : [])))
  return tilesOf(broken).flatMap(({ service, unavailable }) =>
    unavailable !== null && lit.has(service) ? [service] : [],
  )
}

const without = (conditions: TileConditions, part: Part, works: boolean): TileConditions => {
  switch (part) {
    case 'idReader':
      return { ...conditions, reader: works }
    case 'scanner':
      return { ...conditions, scanner: works }
    case 'line':
      return { ...conditions, online: works }
    case 'content':
      return { ...conditions, content: works }
    case 'receiptPrinter':
    case 'pagePrinter':
    case 'keypad':
      return conditions
  }
}

const isReady = ({ peripherals }: HealthSnapshot, name: PeripheralName): boolean =>
  peripherals[name]?.state === 'ready'

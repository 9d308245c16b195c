/**
 * A crowd that comes faster than it can be looked at. To check a signature costs more than all else of sending
 * somebody away: in a crowd of thousands the last would wait seconds to hear that they have to wait. From a certain
 * length of the crowd on most are told so unseen. That says nothing, changes nothing that is known of any device, and
 * costs whoever asked one try.
 */

/** So many are looked at before: about a tenth of a second of a small server's time. */
const LOOKED_AT = 128

/** Still looked at, of those behind: a crowd that only feigns to be devices delays the real ones and keeps none out. */
const ONE_IN = 8

export interface Arrivals {
  /** Somebody is at the door. `unseen`: they are to be told to come again, whoever they are. */
  arrived(): 'seen' | 'unseen'
  /** How many came so far: the same in two turns of the loop when nobody did. */
  count(): number
}

export function createArrivals(): Arrivals {
  let count = 0
  let countAtTurn = 0
  /** Since the last turn of the loop that brought nobody. */
  let inARow = 0
  let watching = false

  /** Node takes in one new connection in each turn: a turn that brings nobody has found the kernel's queue empty. */
  function watch(): void {
    if (count === countAtTurn) {
      inARow = 0
      watching = false
      return
    }
    countAtTurn = count
    setImmediate(watch)
  }

  return {
    arrived() {
      count += 1
      inARow += 1
      if (!watching) {
        watching = true
        setImmediate(watch)
      }
      return inARow > LOOKED_AT && inARow % ONE_IN !== 0 ? 'unseen' : 'seen'
    },
    count: () => count,
  }
}

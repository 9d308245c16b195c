/** What a device is told when the hall's store does not do what it is asked. The store's own words are for the log. */
import type { StoreFaultCode } from '../../sqlite.ts'
import { type Answer, refusal, retryAfter } from './answer.ts'

/** What passes by itself, and what somebody has to put right; spread, so that a hall's devices do not come at once. */
const SOON_MS = { from: 1_000, to: 5_000 }
const LATER_MS = { from: 30_000, to: 60_000 }

export function storeUnavailable(code: StoreFaultCode): Answer {
  const passes = code === 'store-busy' || code === 'store-unreachable'
  const { from, to } = passes ? SOON_MS : LATER_MS
  const waitMs = from + Math.floor(Math.random() * (to - from))
  return refusal('store-unavailable', wordsOf(code), {}, retryAfter(waitMs))
}

function wordsOf(code: StoreFaultCode): string {
  switch (code) {
    case 'store-busy':
      return 'the store of the hall has too much to do: send the same again'
    case 'store-full':
      return 'there is no room left where the hall stores: whoever runs it has to make some; keep this and send it again'
    case 'store-read-only':
      return 'the store of the hall can only be read: whoever runs it has to see to it; keep this and send it again'
    case 'store-unreachable':
    case 'store-absent':
    case 'store-login':
      return 'the store of the hall cannot be reached: keep this and send it again'
    case 'store-damaged':
    case 'event-damaged':
      return 'the store of the hall is damaged: whoever runs it has to see to it; keep this and send it again'
    case 'store-newer':
    case 'store-foreign':
    case 'store-in-use':
    case 'store-unsafe':
    case 'store-old':
      return 'the store of the hall cannot be used as it is: whoever runs it has to see to it; keep this and send it again'
  }
}

/**
 * What may be seen of the messages to a page printer (RFC 8010 §3.1.1): version, operation or status, and the request's
 * number; neither the attributes, which name jobs and users, nor a page.
 */
import type { ByteMask, Direction } from '../transport/tap.ts'

const HEAD_BYTES = 8

export function ippMask(): ByteMask {
  let passed: Record<Direction, number> = { in: 0, out: 0 }
  return {
    begin: () => {
      passed = { in: 0, out: 0 }
    },
    shown: (direction, bytes) => {
      const before = passed[direction]
      passed[direction] += bytes.length
      return Array.from(bytes, (_, at) => before + at < HEAD_BYTES)
    },
  }
}

import { expect, test } from 'vitest'
import { candidates, seededNoise } from './parser-list.ts'

/** DESIGN, promise 6: field row 7, for every parser that a wire's bytes go through. */
const NOISE_BYTES = 10_000_000
const MAX_HELD_BYTES = 65_536
const LONGEST_CHUNK_BYTES = 5000
const noise = seededNoise(NOISE_BYTES, 20261121)

/** Pieces as a bad line gives them: mostly short, some of one byte, some long. */
function pieceAt(at: number, reportBytes: number | undefined): number {
  if (reportBytes !== undefined) return reportBytes
  const dice = noise[at] ?? 0
  if (dice < 8) return 1
  return dice > 250 ? LONGEST_CHUNK_BYTES : dice
}

test.each(candidates.map((candidate) => [candidate.name, candidate] as const))(
  'ten million random bytes do nothing to the parser of the %s, and the frame behind them is found',
  (_, { start, whole, reportBytes }) => {
    const trial = start()
    let mostHeld = 0
    let unaccounted = 0
    for (let at = 0; at < NOISE_BYTES; ) {
      const piece = noise.slice(at, at + pieceAt(at, reportBytes))
      // Every other report begins as the device's own do: else nothing but the first byte would be tried.
      if (reportBytes !== undefined && (at / reportBytes) % 2 === 0) piece.set(whole[0]?.subarray(0, 2) ?? [])
      at += piece.length
      trial.feed(piece)
      mostHeld = Math.max(mostHeld, trial.heldBytes())
      if (trial.accountedBytes() !== at) unaccounted += 1
    }
    expect(unaccounted).toBe(0)
    expect(mostHeld).toBeLessThan(MAX_HELD_BYTES)
    trial.giveUp()
    expect(whole.reduce((found, piece) => found + trial.feed(Uint8Array.from(piece)), 0)).toBe(1)
  },
)

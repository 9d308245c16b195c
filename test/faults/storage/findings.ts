/** What one cut, kill or damage came to. */

export interface Findings {
  /** Answers that somebody was told are kept. */
  acknowledged: number
  /** Of those, which are not there any more, or are another answer now. */
  lost: string[]
  /** Cases with more than one rating. */
  doubled: string[]
  /** Hashes, links and sequences that do not hold, on the device or at the hall. */
  chain: string[]
  /** Anything else that is not as promised: no start, no further rating, a hall that is never brought up to date. */
  other: string[]
  /** Told as damage by the device itself: set aside, a new epoch, an alarm. */
  told: string[]
}

export const noFindings = (): Findings => ({
  acknowledged: 0,
  lost: [],
  doubled: [],
  chain: [],
  other: [],
  told: [],
})

export const isClean = ({ lost, doubled, chain, other }: Findings): boolean =>
  lost.length + doubled.length + chain.length + other.length === 0

export function inWords(findings: Findings): string[] {
  const { lost, doubled, chain, other } = findings
  const named = { lost, doubled, chain, other }
  return Object.entries(named).flatMap(([name, all]) => all.map((one) => `${name}: ${one}`))
}

/** The names of the migrations that a store has had, where some of their letters may be wrong. */

/** More wrong bits than this are no chance any more. */
export const WRONG_BITS_AT_MOST = 8

/** Between strings of one byte a letter; infinity when they are not of one length. */
export function differingBits(one: string, other: string): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY
  let bits = 0
  for (let at = 0; at < one.length; at += 1)
    for (let rest = one.charCodeAt(at) ^ other.charCodeAt(at); rest > 0; rest &= rest - 1) bits += 1
  return bits
}

export type NamesVerdict =
  | { verdict: 'known' }
  /** One that this version does not know and that none of its own can have been. */
  | { verdict: 'newer' }
  /** Null where nobody can say which they were. */
  | { verdict: 'damaged'; mended: string[] | null }

/**
 * A newer version has had every migration of this one before its own: a name that is not known beside one that is
 * missing and differs in a bit or two is no newer version.
 * @param names in the order in which they were applied, a byte a letter
 */
export function judgeNames(names: readonly string[], known: readonly string[]): NamesVerdict {
  const missing = new Set(known.filter((name) => !names.includes(name)))
  const mended: string[] = []
  let isDamaged = false
  for (const name of names) {
    if (known.includes(name) && !mended.includes(name)) {
      mended.push(name)
      continue
    }
    const meant = nearest(name, missing)
    if (meant === null)
      return known.includes(name) ? { verdict: 'damaged', mended: null } : { verdict: 'newer' }
    isDamaged = true
    missing.delete(meant)
    mended.push(meant)
  }
  return isDamaged ? { verdict: 'damaged', mended } : { verdict: 'known' }
}

function nearest(name: string, missing: ReadonlySet<string>): string | null {
  const [best] = [...missing]
    .map((candidate) => ({ candidate, bits: differingBits(name, candidate) }))
    .filter(({ bits }) => bits <= WRONG_BITS_AT_MOST)
    .sort((one, other) => one.bits - other.bits)
  return best?.candidate ?? null
}

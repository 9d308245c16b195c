/** All issuers of a hall behind one face: each kind goes to whoever makes it. */
import type { KindsFound, ProofIssuer } from './proof-issuer.ts'

/** Which kinds an issuer makes changes with its software: asking every few minutes is enough. */
const KINDS_GOOD_FOR_MS = 5 * 60 * 1000

/** Stands between an issuer's name, which is a code, and its reference. */
const SEPARATOR = ':'

interface KnownKinds {
  kinds: ReadonlySet<string>
  until: number
}

export function proofIssuers(byName: ReadonlyMap<string, ProofIssuer>, clock: () => Date): ProofIssuer {
  const known = new Map<string, KnownKinds>()

  async function kindsOf(name: string, issuer: ProofIssuer): Promise<KindsFound> {
    const kept = known.get(name)
    const now = clock().getTime()
    if (kept !== undefined && now < kept.until) return { outcome: 'found', kinds: [...kept.kinds] }
    const found = await issuer.kinds()
    if (found.outcome === 'found')
      known.set(name, { kinds: new Set(found.kinds), until: now + KINDS_GOOD_FOR_MS })
    return found
  }

  async function asked(): Promise<{ name: string; issuer: ProofIssuer; found: KindsFound }[]> {
    return await Promise.all(
      [...byName].map(async ([name, issuer]) => ({ name, issuer, found: await kindsOf(name, issuer) })),
    )
  }

  return {
    async kinds() {
      const answers = (await asked()).map(({ found }) => found)
      const kinds = answers.flatMap((found) => (found.outcome === 'found' ? found.kinds : []))
      const silent = answers.find(({ outcome }) => outcome === 'unavailable')
      return kinds.length === 0 && silent !== undefined ? silent : { outcome: 'found', kinds }
    },
    async make(kind, person, key) {
      const answers = await asked()
      const one = answers.find(({ found }) => found.outcome === 'found' && found.kinds.includes(kind))
      if (one === undefined) {
        const silent = answers.find(({ found }) => found.outcome === 'unavailable')?.found
        // The one that makes it may be the one that does not answer.
        return silent?.outcome === 'unavailable' ? silent : { outcome: 'not-found' }
      }
      const made = await one.issuer.make(kind, person, key)
      if (made.outcome !== 'made') return made
      const reference = `${one.name}${SEPARATOR}${made.proof.reference}`
      return { outcome: 'made', proof: { ...made.proof, reference } }
    },
    async document(reference) {
      const cut = reference.indexOf(SEPARATOR)
      const issuer = byName.get(reference.slice(0, Math.max(0, cut)))
      return (await issuer?.document(reference.slice(cut + 1))) ?? { outcome: 'not-found' }
    },
    close() {
      for (const issuer of byName.values()) issuer.close()
    },
  }
}

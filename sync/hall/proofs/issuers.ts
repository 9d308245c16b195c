/** All issuers of a hall behind one face: each kind goes to whoever makes it. */
import type { Unavailable } from '../outside/outcome.ts'
import type { KindsFound, ProofIssuer } from './proof-issuer.ts'

/** Which kinds an issuer makes changes with its software: asking every few minutes is enough. */
const KINDS_GOOD_FOR_MS = 5 * 60 * 1000

/** Stands between an issuer's name, which is a code, and its reference. */
const SEPARATOR = ':'

/** An errand stays with whoever was asked first: as long as integrators know its key, and no more than a busy day's. */
const ERRANDS_REMEMBERED = 20_000

interface KnownKinds {
  kinds: ReadonlySet<string>
  until: number
}

type Found = { name: string } | { name: null; silent: Unavailable | null }

export function proofIssuers(byName: ReadonlyMap<string, ProofIssuer>, clock: () => Date): ProofIssuer {
  const known = new Map<string, KnownKinds>()
  const makers = new Map<string, string>()

  async function kindsOf(name: string, issuer: ProofIssuer): Promise<KindsFound> {
    const kept = known.get(name)
    const now = clock().getTime()
    if (kept !== undefined && now < kept.until) return { outcome: 'found', kinds: [...kept.kinds] }
    const found = await issuer.kinds()
    if (found.outcome === 'found')
      known.set(name, { kinds: new Set(found.kinds), until: now + KINDS_GOOD_FOR_MS })
    return found
  }

  /** Who makes it, as last known: an old list is asked again behind the citizen's back. */
  function makerOf(kind: string): string | null {
    for (const [name, issuer] of byName) {
      const kept = known.get(name)
      if (kept?.kinds.has(kind) !== true) continue
      if (clock().getTime() >= kept.until) kindsOf(name, issuer).catch(() => {})
      return name
    }
    return null
  }

  /** Asks all at once, and waits for no more than one that makes it. */
  async function findMaker(kind: string): Promise<Found> {
    const asked = [...byName].map(async ([name, issuer]) => ({ name, found: await kindsOf(name, issuer) }))
    const first = asked.map(async (one) => {
      const { name, found } = await one
      if (found.outcome !== 'found' || !found.kinds.includes(kind)) throw new NotThisOne()
      return name
    })
    try {
      return { name: await Promise.any(first) }
    } catch {
      // None makes it, or the one that does is silent.
      const answers = await Promise.all(asked)
      const silent = answers.map(({ found }) => found).find((found) => found.outcome === 'unavailable')
      return { name: null, silent: silent ?? null }
    }
  }

  function remember(key: string, name: string): void {
    makers.set(key, name)
    const [oldest] = makers.keys()
    if (makers.size > ERRANDS_REMEMBERED && oldest !== undefined) makers.delete(oldest)
  }

  return {
    async kinds() {
      const answers = await Promise.all([...byName].map(([name, issuer]) => kindsOf(name, issuer)))
      const kinds = answers.flatMap((found) => (found.outcome === 'found' ? found.kinds : []))
      const silent = answers.find(({ outcome }) => outcome === 'unavailable')
      return kinds.length === 0 && silent !== undefined ? silent : { outcome: 'found', kinds }
    },
    async make(kind, person, key) {
      const sure = makers.get(key) ?? makerOf(kind)
      const found = sure === null ? await findMaker(kind) : { name: sure }
      const issuer = found.name === null ? undefined : byName.get(found.name)
      if (found.name === null || issuer === undefined)
        return 'silent' in found && found.silent !== null
          ? { ...found.silent, notAsked: true }
          : { outcome: 'not-found' }
      // Before it is asked: whatever becomes of this, no other makes a second proof of the same errand.
      remember(key, found.name)
      const made = await issuer.make(kind, person, key)
      // It makes this kind no longer: the next errand asks anew.
      if (made.outcome === 'not-found') known.delete(found.name)
      if (made.outcome !== 'made') return made
      const reference = `${found.name}${SEPARATOR}${made.proof.reference}`
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

/** Said among promises of which one is waited for. */
class NotThisOne extends Error {}

/** Which dictionary of labels a rating is made with: the nation's newest that is here (DOMAIN.md §2). */
import type { Dictionary } from '../../sync/protocol/content.ts'
import { builtInDictionaries, DICTIONARY_VERSION } from '../../sync/protocol/dictionary.ts'
import type { LevelNumber } from '../../sync/protocol/levels.ts'

/** `2019.1` before `2019.2` before `2026.10`: by their numbers, part by part. */
const byVersion = (one: Dictionary, other: Dictionary): number => {
  const [left, right] = [one, other].map(({ version }) => version.split('.').map(Number))
  for (let part = 0; part < Math.max(left?.length ?? 0, right?.length ?? 0); part++) {
    const difference = (left?.[part] ?? 0) - (right?.[part] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** @param handedOut by the hall; it never hands out another text under a version that is built in */
export const newestDictionary = (handedOut: readonly Dictionary[]): Dictionary => {
  const known = [...builtInDictionaries().map(({ dictionary }) => dictionary), ...handedOut]
  const newest = known
    .filter(({ version }) => DICTIONARY_VERSION.test(version))
    .toSorted(byVersion)
    .at(-1)
  if (newest === undefined) throw new Error('a dictionary is always built in')
  return newest
}

/** An event takes so many labels of one level (PROTOCOLS.md §1.2). */
const LABELS_MOST = 8

/** In the order of the page; the first three are the base set. */
export const labelsIn = (
  { levels }: Dictionary,
  level: LevelNumber,
): Dictionary['levels'][number]['labels'] =>
  levels.find((one) => one.level === level)?.labels.slice(0, LABELS_MOST) ?? []

/** null when each of these is one of that level's labels, named once. */
export const labelFault = (
  dictionary: Dictionary,
  level: LevelNumber,
  labels: readonly string[],
): 'unknown-label' | 'repeated-label' | null => {
  const codes = labelsIn(dictionary, level).map(({ code }) => code)
  if (labels.some((label) => !codes.includes(label))) return 'unknown-label'
  return new Set(labels).size < labels.length ? 'repeated-label' : null
}

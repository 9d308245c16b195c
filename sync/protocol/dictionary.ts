/** The label dictionaries of the nation that this software knows by itself (DOMAIN.md §2). */
import { readFileSync } from 'node:fs'
import { canonicalText, sha256Hex } from './canonical.ts'
import { Dictionary } from './content.ts'
import type { LevelNumber } from './levels.ts'

/** One file a version: never edited, only joined by a newer one. */
const versions = ['2019.1'] as const

/** What a rating is made with unless the hall hands out a newer one. */
export const CURRENT_DICTIONARY_VERSION = '2019.1'

export interface BuiltInDictionary {
  version: string
  dictionary: Dictionary
  /** Of the canonical form, so that layout and order of members do not matter. */
  digest: string
}

/** SHA-256 of a dictionary's canonical form, hexadecimal: equal for equal labels, whatever the file's layout. */
export function dictionaryDigest(dictionary: Dictionary): string {
  return sha256Hex(canonicalText(dictionary))
}

const builtIn: readonly BuiltInDictionary[] = versions.map((version) => {
  const bytes = readFileSync(new URL(`./dictionary/${version}.json`, import.meta.url), 'utf8')
  const dictionary = Dictionary.parse(JSON.parse(bytes))
  return { version, dictionary, digest: dictionaryDigest(dictionary) }
})

export function builtInDictionaries(): readonly BuiltInDictionary[] {
  return builtIn
}

export interface Label {
  code: string
  text: string
}

/**
 * The labels of one level in their order; the first three are the base set.
 * @param extra dictionaries that the hall handed out, asked after the built-in ones
 * @returns null for a version that is not known
 */
export function labelsOf(
  version: string,
  level: LevelNumber,
  extra: readonly Dictionary[] = [],
): readonly Label[] | null {
  const known = [...builtIn.map((entry) => entry.dictionary), ...extra]
  const dictionary = known.find((candidate) => candidate.version === version)
  return dictionary?.levels.find((entry) => entry.level === level)?.labels ?? null
}

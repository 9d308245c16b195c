/** The label dictionaries of the nation that this software knows by itself (DOMAIN.md §2). */
import { readFileSync } from 'node:fs'
import { canonicalText, sha256Hex } from './canonical.ts'
import { Dictionary } from './content.ts'
import { LEVELS, type LevelNumber, levelNumber } from './levels.ts'

/** One file a version: never edited, only joined by a newer one. */
const versions = ['2019.1'] as const

/** What a rating is made with unless the hall hands out a newer one. */
export const CURRENT_DICTIONARY_VERSION = '2019.1'

const LEVEL_NUMBERS: readonly LevelNumber[] = LEVELS.map(levelNumber)

/** Versions that can be put in order: `2019.1` before `2019.2` before `2026.10`. */
export const DICTIONARY_VERSION = /^\d{1,9}(?:\.\d{1,9}){0,3}$/

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
 * What is wrong with a dictionary as such, in words for a technician; null for nothing. A level is five of them, each
 * once; a code is one label's, and a label that an earlier version knows keeps its level: a bad word may not turn up
 * under a good face.
 */
export function dictionaryFault({ version, levels }: Dictionary): string | null {
  if (!DICTIONARY_VERSION.test(version)) return 'its version is none: write numbers and points, as in 2026.1'
  const known = builtIn.find((entry) => entry.version === version)
  if (known !== undefined && known.digest !== dictionaryDigest({ version, levels }))
    return `version ${version} is not the nation's: a version is never edited, hand out a newer one`
  const lacking = LEVEL_NUMBERS.find((level) => !levels.some((entry) => entry.level === level))
  if (lacking !== undefined)
    return `version ${version} lacks level ${lacking}: each of the five has its labels`
  const codes = new Set<string>()
  for (const { level, labels } of levels) {
    for (const { code } of labels) {
      if (codes.has(code)) return `version ${version} has label ${code} twice: each code is one label's`
      codes.add(code)
      const before = levelOfLabel(code)
      if (before !== null && before !== level)
        return `version ${version} moves label ${code} from level ${before} to ${level}: give it a code of its own`
    }
  }
  return null
}

/** Where the versions that are built in have a label; null for one that they do not know. */
function levelOfLabel(code: string): number | null {
  const levels = builtIn.flatMap(({ dictionary }) => dictionary.levels)
  return levels.find(({ labels }) => labels.some((label) => label.code === code))?.level ?? null
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

/** How the characters of a name sound, as somebody types them who writes Pinyin without tones. */
import { pinyin } from 'pinyin-pro'

/** One character of a name that can be typed: a hanzi with its sounds, or a letter or digit as it is. */
export interface Unit {
  character: string
  /** The likeliest first. */
  sounds: readonly string[]
  /** Sounds that are taken for these by ear, or of the same character elsewhere. */
  alike: readonly string[]
  /** Whatever it can begin with when it is typed: most units are passed over by this alone. */
  opens: string
  opensByEar: string
}

const TYPEABLE = /[\p{L}\p{N}]/u
const HANZI = /\p{Script=Han}/u
const WITHOUT_TONES = { toneType: 'none', type: 'array', v: true } as const

/** What the ear does not part in much of the country: flat and curled tongue, front and back nasal, n and l. */
const INITIALS_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/^([zcs])h/, '$1'],
  [/^([zcs])(?!h)/, '$1h'],
  [/^n(?!g)/, 'l'],
  [/^l/, 'n'],
]
const FINALS_ALIKE: readonly (readonly [RegExp, string])[] = [
  [/([aei])ng$/, '$1n'],
  [/([aei])n$/, '$1ng'],
]

const alikeOf = new Map<string, readonly string[]>()
const units = new Map<string, Unit>()
const readingsOf = new Map<string, readonly string[]>()

/**
 * The characters of a name that are typed, in their order; punctuation and spaces are not.
 * @param initials the name's first letters as the hall has written them: they settle which sound a character with
 * several has here (参 C or S, 重 Z or C)
 */
export function spell(name: string, initials: string | null = null): Unit[] {
  const characters = Array.from(name.normalize('NFKC'))
  const heard = pinyin(characters.join(''), WITHOUT_TONES)
  const typed = characters.flatMap((character, index) =>
    TYPEABLE.test(character) ? [{ character: character.toLowerCase(), sound: heard[index] }] : [],
  )
  const letters = initials?.length === typed.length ? initials.toLowerCase() : null
  return typed.map(({ character, sound }, index) => {
    if (!HANZI.test(character)) return unitOf(character, [character], [])
    const readings = readingsFor(character)
    const likeliest = heard.length === characters.length && sound !== undefined ? sound : readings[0]
    const letter = letters?.[index]
    const meant =
      letter === undefined || likeliest?.startsWith(letter)
        ? likeliest
        : (readings.find((one) => one.startsWith(letter)) ?? letter)
    const sounds = withU(meant === undefined ? [] : [meant])
    return unitOf(character, sounds, alikeTo(sounds, withU(readings)))
  })
}

/** The same for the same: thousands of names are written with a few hundred characters. */
function unitOf(character: string, sounds: readonly string[], alike: readonly string[]): Unit {
  const key = `${character} ${sounds.join()}`
  const known = units.get(key)
  if (known !== undefined) return known
  const first = (all: readonly string[]): string => [...new Set(all.map((sound) => sound[0] ?? ''))].join('')
  const opens = character + first(sounds)
  const unit = { character, sounds, alike, opens, opensByEar: opens + first(alike) }
  units.set(key, unit)
  return unit
}

/** All sounds that a character has anywhere. */
function readingsFor(character: string): readonly string[] {
  const known = readingsOf.get(character)
  if (known !== undefined) return known
  const readings = pinyin(character, { ...WITHOUT_TONES, multiple: true }).filter((one) =>
    /^[a-z]+$/.test(one),
  )
  const each = [...new Set(readings)]
  readingsOf.set(character, each)
  return each
}

/** Keyboards write ü as v; people who have never met that write u. */
const withU = (sounds: readonly string[]): string[] =>
  sounds.flatMap((sound) => (sound.includes('v') ? [sound, sound.replace('v', 'u')] : [sound]))

function alikeTo(sounds: readonly string[], others: readonly string[]): readonly string[] {
  const key = `${sounds.join()} ${others.join()}`
  const known = alikeOf.get(key)
  if (known !== undefined) return known
  const found = new Set(others)
  for (const sound of [...sounds, ...others]) {
    const begun = [sound, ...changed(sound, INITIALS_ALIKE)]
    for (const one of [...begun, ...begun.flatMap((beginning) => changed(beginning, FINALS_ALIKE))])
      found.add(one)
  }
  for (const sound of sounds) found.delete(sound)
  const alike = [...found]
  alikeOf.set(key, alike)
  return alike
}

const changed = (sound: string, rules: readonly (readonly [RegExp, string])[]): string[] =>
  rules.flatMap(([from, to]) => (from.test(sound) ? [sound.replace(from, to)] : []))

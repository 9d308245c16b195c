/** Every hanzi of the bundled font, by sound and by radical (scripts/han-table.ts makes the table). */

export interface StrokeGroup {
  strokes: number
  characters: string[]
}

export class HanTable {
  readonly #bySound = new Map<string, string>()
  readonly #byRadical = new Map<string, StrokeGroup[]>()
  /** The forms that radicals take, by their strokes. */
  readonly radicals: StrokeGroup[] = []
  readonly #radicalsOf = new Map<string, string[]>()
  readonly #known = new Set<string>()

  /** @param text three parts: `sound characters` · `radical strokes characters` · `strokes form radicals` */
  constructor(text: string) {
    const [sounds = '', radicals = '', forms = ''] = text.trimEnd().split('\n\n')
    for (const line of sounds.split('\n')) {
      const [sound = '', characters = ''] = line.split(' ')
      this.#bySound.set(sound, characters)
    }
    for (const line of radicals.split('\n')) {
      const [radical = '', strokes = '', characters = ''] = line.split(' ')
      const groups = this.#byRadical.get(radical) ?? []
      const list = [...characters]
      for (const one of list) this.#known.add(one)
      groups.push({ strokes: Number(strokes), characters: list })
      this.#byRadical.set(radical, groups)
    }
    for (const line of forms.split('\n')) {
      const [strokes = '', form = '', of = ''] = line.split(' ')
      this.#radicalsOf.set(form, of.split(','))
      groupOf(this.radicals, Number(strokes)).push(form)
    }
  }

  /** The characters read so, those of everyday life and of names first, then by strokes. */
  bySound(syllable: string): string[] {
    return [...(this.#bySound.get(syllable) ?? '')]
  }

  /**
   * The characters with the radical of this form, by their strokes besides it.
   * @param form one of `radicals`
   */
  byRadical(form: string): StrokeGroup[] {
    const merged: StrokeGroup[] = []
    for (const radical of this.#radicalsOf.get(form) ?? []) {
      for (const { strokes, characters } of this.#byRadical.get(radical) ?? []) {
        groupOf(merged, strokes).push(...characters)
      }
    }
    return merged.sort((a, b) => a.strokes - b.strokes)
  }

  /** Whether screen and papers can show it. */
  has(character: string): boolean {
    return this.#known.has(character)
  }
}

function groupOf(groups: StrokeGroup[], strokes: number): string[] {
  let group = groups.find((one) => one.strokes === strokes)
  if (group === undefined) {
    group = { strokes, characters: [] }
    groups.push(group)
  }
  return group.characters
}

export interface JoinedGroup {
  /** The fewest and the most strokes in it. */
  strokes: [number, number]
  characters: string[]
}

/**
 * Neighbours that are no more than `most` characters together, in one group.
 * @param groups by rising strokes
 */
export function joined(groups: StrokeGroup[], most: number): JoinedGroup[] {
  const found: JoinedGroup[] = []
  for (const { strokes, characters } of groups) {
    const last = found.at(-1)
    if (last && last.characters.length + characters.length <= most) {
      last.strokes[1] = strokes
      last.characters = [...last.characters, ...characters]
    } else found.push({ strokes: [strokes, strokes], characters })
  }
  return found
}

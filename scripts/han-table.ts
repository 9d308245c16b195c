/**
 * Makes ui/shared/keyboard/rare/han.txt: every hanzi of the bundled font by its sounds and by radical and strokes,
 * and the radicals' own forms, from the Unihan database (Debian package `unicode-data`; its terms lie beside the table).
 *
 *   node scripts/run.js scripts/han-table.ts [--unihan /usr/share/unicode]
 *
 * The table is kept in the repository: it changes only with the font or with Unicode.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { create } from 'fontkit'

const { values } = parseArgs({ options: { unihan: { type: 'string', default: '/usr/share/unicode' } } })
const OUT = join(import.meta.dirname, '../ui/shared/keyboard/rare/han.txt')
const MOST_BYTES = 1 << 27

interface Han {
  character: string
  /** In 通用规范汉字表, the 8,105 characters of everyday life and of names. */
  standard: boolean
  strokes: number
  radicals: string[]
  sounds: string[]
}

/** The characters of the font that every page and paper is set in: what it lacks can be neither shown nor printed. */
function fontCharacters(): string[] {
  const folder = dirname(
    createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'),
  )
  const font = create(readFileSync(join(folder, '400Regular/NotoSansSC_400Regular.ttf')))
  if (!('characterSet' in font)) throw new Error('a font collection where one font was expected')
  return font.characterSet
    .map((point) => String.fromCodePoint(point))
    .filter((one) => /\p{Unified_Ideograph}/u.test(one))
}

const fields = new Map<string, Map<string, string>>()
for (const file of ['Unihan_Readings', 'Unihan_IRGSources', 'Unihan_DictionaryLikeData']) {
  const text = execFileSync('bzcat', [join(values.unihan, `${file}.txt.bz2`)], {
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  })
  for (const line of text.split('\n')) {
    const [point, field, value] = line.split('\t')
    if (!point?.startsWith('U+') || field === undefined || value === undefined) continue
    const character = String.fromCodePoint(Number.parseInt(point.slice(2), 16))
    const known = fields.get(character) ?? new Map<string, string>()
    known.set(field, value)
    fields.set(character, known)
  }
}

/** `yǎn` → `yan`, `nǚ` → `nv`; lüe and nüe are typed lue and nue, as in the phrase dictionary. */
function typed(sound: string): string {
  const letters = sound
    .normalize('NFD')
    .replaceAll('u\u0308', 'v')
    .replace(/\p{Mark}/gu, '')
  return letters.replace(/^([ln])ve$/, '$1ue')
}

/** `423.040:yǎn,yán` and `yǎn` alike. */
const soundsIn = (value: string | undefined): string[] =>
  (value ?? '').split(/[\s,]+/).map((one) => typed(one.replace(/^.*:/, '')))

function han(character: string): Han {
  const known = fields.get(character)
  const standard = known?.get('kTGHZ2013')
  const sounds = [
    ...soundsIn(known?.get('kMandarin')),
    ...soundsIn(standard),
    ...soundsIn(known?.get('kXHC1983')),
  ]
  if (sounds.join('') === '') sounds.push(...soundsIn(known?.get('kHanyuPinyin')))
  return {
    character,
    standard: standard !== undefined,
    strokes: Number(known?.get('kTotalStrokes')?.split(' ')[0] ?? 0),
    radicals: (known?.get('kRSUnicode') ?? '').split(' ').filter((one) => one !== ''),
    sounds: [...new Set(sounds)].filter((one) => /^[a-z]+$/.test(one)),
  }
}

const all = fontCharacters()
  .map(han)
  .sort((a, b) => Number(b.standard) - Number(a.standard) || a.strokes - b.strokes)

const bySound = new Map<string, string>()
const byRadical = new Map<string, string>()
for (const { character, sounds, radicals } of all) {
  for (const sound of sounds) bySound.set(sound, (bySound.get(sound) ?? '') + character)
  for (const one of radicals) {
    // `212'.4` → `212'` and 4; a second mark (non-Chinese simplified forms) is filed with the first.
    const [radical = '', rest = '0'] = one.split('.')
    const key = `${radical.replace(/'+/, "'")} ${Math.max(0, Number(rest))}`
    byRadical.set(key, (byRadical.get(key) ?? '') + character)
  }
}
/**
 * Forms that a radical takes inside a character and that people know it by; those that look alike stand for each of
 * theirs (阝: 邑 and 阜; 月: 月 and 肉).
 */
const INNER_FORMS: [form: string, strokes: number, radicals: string][] = [
  ['亻', 2, '9'],
  ['刂', 2, '18'],
  ['阝', 2, '163,170'],
  ['忄', 3, '61'],
  ['扌', 3, '64'],
  ['氵', 3, '85'],
  ['犭', 3, '94'],
  ['艹', 3, '140'],
  ['辶', 3, '162'],
  ['户', 4, '63'],
  ['灬', 4, '86'],
  ['王', 4, '96'],
  ['礻', 4, '113'],
  ['罒', 5, '122'],
  ['衤', 5, '145'],
  ['青', 8, '174'],
]
const ALIKE: Record<string, string> = { 月: '74,130' }

/** `212'; 2EF0; 9F99`: a radical and the ideograph that shows it (Unicode's CJKRadicals.txt). */
function radicalForms(): [form: string, strokes: number, radicals: string][] {
  const known = new Set(all.map(({ character }) => character))
  const forms = new Map<string, [string, number, string]>()
  for (const line of readFileSync(join(values.unihan, 'CJKRadicals.txt'), 'utf8').split('\n')) {
    const [, radical, point] = /^(\d+'?); [0-9A-F]*; ([0-9A-F]+)$/.exec(line.trim()) ?? []
    if (radical === undefined || point === undefined) continue
    const form = String.fromCodePoint(Number.parseInt(point, 16))
    const strokes = Number(fields.get(form)?.get('kTotalStrokes')?.split(' ')[0])
    if (known.has(form)) forms.set(form, [form, strokes, ALIKE[form] ?? radical])
  }
  for (const one of INNER_FORMS) if (known.has(one[0])) forms.set(one[0], one)
  return [...forms.values()].sort((a, b) => a[1] - b[1])
}

const lines = (table: Map<string, string>) =>
  [...table].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map((one) => one.join(' '))

const forms = radicalForms().map(([form, strokes, radicals]) => `${strokes} ${form} ${radicals}`)
writeFileSync(OUT, [...lines(bySound), '', ...lines(byRadical), '', ...forms, ''].join('\n'))
console.log(
  `${all.length} characters; ${forms.length} forms of radicals; ${bySound.size} sounds; ${all.filter((one) => one.sounds.length === 0).length} without a sound, ` +
    `${all.filter((one) => one.radicals.length === 0).length} without a radical`,
)

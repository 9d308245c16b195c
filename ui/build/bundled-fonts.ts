import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { create } from 'fontkit'
import subsetFont from 'subset-font'
import type { Plugin } from 'vite'
import { gb2312, inCatalogues, latin, unicodeRange } from './character-sets.ts'

/** A part's name in CSS and its file in the package (Noto Sans SC, SIL Open Font License 1.1). */
const WEIGHTS = [
  { weight: 400, file: '400Regular/NotoSansSC_400Regular.ttf' },
  { weight: 500, file: '500Medium/NotoSansSC_500Medium.ttf' },
  { weight: 700, file: '700Bold/NotoSansSC_700Bold.ttf' },
] as const

/**
 * Uncompressed TrueType: pages come over loopback, where WOFF2 saves nothing, while packing it takes 100 times as
 * long (8 to 24 s for each part, measured) and every start of the page would have to unpack it again.
 */
const FORMAT = 'sfnt'

/** The whole family; and its two parts apart, for a page that begins before the rare one is there. */
const STYLESHEETS = ['fonts.css', 'everyday-fonts.css', 'rare-fonts.css'] as const
/** Raise it when the way of cutting changes, so that no old part is taken for a new one. */
const CUT_VERSION = '1'

interface Part {
  weight: number
  name: 'common' | 'rare'
  range: string
  file: string
}

async function cutParts(root: string, cache: string): Promise<Part[]> {
  const packageFolder = dirname(
    createRequire(import.meta.url).resolve('@expo-google-fonts/noto-sans-sc/package.json'),
  )
  const everyday = new Set([...latin(), ...gb2312(), ...inCatalogues(root)])
  const parts: Part[] = []
  for (const { weight, file } of WEIGHTS) {
    const source = readFileSync(join(packageFolder, file))
    const font = create(source)
    if (!('characterSet' in font)) throw new Error(`${file}: a font collection where one font was expected`)
    const available = new Set(font.characterSet)
    const common = new Set([...available].filter((point) => everyday.has(point)))
    const rare = new Set([...available].filter((point) => !everyday.has(point)))
    for (const [name, points, others] of [
      ['common', common, rare],
      ['rare', rare, common],
    ] as const) {
      const range = unicodeRange(points, others)
      const key = createHash('sha256')
        .update(CUT_VERSION)
        .update(FORMAT)
        .update(source)
        .update(range)
        .digest('hex')
      const cut = `noto-sans-sc-${weight}-${name}.${key.slice(0, 12)}.ttf`
      const path = join(cache, cut)
      if (!existsSync(path)) {
        const text = [...points].map((point) => String.fromCodePoint(point)).join('')
        writeFileSync(path, await subsetFont(source, text, { targetFormat: FORMAT }))
      }
      parts.push({ weight, name, range, file: cut })
    }
  }
  return parts
}

/** @param ranged without its list of characters, 80 kB of it compressed, a part is taken for each one that it has */
function stylesheet(parts: Part[], ranged: boolean): string {
  return parts
    .map(
      ({ weight, range, file }) => `@font-face {
  font-family: 'Noto Sans SC';
  font-style: normal;
  font-weight: ${weight};
  font-display: block;
  src: url('./${file}') format('truetype');
  ${ranged ? `unicode-range: ${range};` : ''}
}
`,
    )
    .join('')
}

/**
 * Gives the pages `window24:fonts.css`: one Chinese family in three weights, each in an everyday part and a rare
 * part that the browser opens only when such a character is on the page (as some names have). The same in two:
 * `window24:everyday-fonts.css`, and `window24:rare-fonts.css` for after the first page.
 */
export function bundledFonts(root: string): Plugin {
  const cache = join(root, '../node_modules/.cache/window24-fonts')
  return {
    name: 'window24-bundled-fonts',
    enforce: 'pre',
    async buildStart() {
      mkdirSync(cache, { recursive: true })
      const parts = await cutParts(root, cache)
      const named = (wanted: Part['name']): Part[] => parts.filter(({ name }) => name === wanted)
      const sheets: Record<(typeof STYLESHEETS)[number], string> = {
        'fonts.css': stylesheet(parts, true),
        'everyday-fonts.css': stylesheet(named('common'), false),
        'rare-fonts.css': stylesheet(named('rare'), true),
      }
      for (const name of STYLESHEETS) {
        const path = join(cache, name)
        const wanted = sheets[name]
        // Written anew it would count as a change, and a watching build would never come to rest.
        if (!existsSync(path) || readFileSync(path, 'utf8') !== wanted) writeFileSync(path, wanted)
      }
    },
    resolveId(id) {
      const name = STYLESHEETS.find((one) => id === `window24:${one}`)
      return name === undefined ? null : join(cache, name)
    },
  }
}

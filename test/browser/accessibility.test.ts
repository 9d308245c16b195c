/** Every page of the terminal as a screen reader and its rules see it: nothing serious, nothing critical. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { showScene } from '../ui/bench/look.ts'
import { type Looks, scenes, stateOf } from '../ui/bench/scenes.ts'
import { builtPages, openStage, type Stage } from '../ui/bench/stage.ts'
import { openTouchScreen, type TouchScreen } from './bench.ts'
import { terminalScreen } from './chromium.ts'

/** A second for each page on a busy machine; most take a tenth of it. */
const ENOUGH_MS = 180_000

const GRAVE = ['serious', 'critical']

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const build = builtPages()
const looksOf = (language: 'zh' | 'en', theme: 'day' | 'night'): Looks => ({
  theme,
  diagonalInches: 27,
  preferences: { language, largeType: false, highContrast: false, reach: false, sound: true },
})

let stage: Stage
let screen: TouchScreen
beforeAll(async () => {
  const [first] = Object.values(scenes)
  if (first === undefined) throw new Error('there are no scenes')
  stage = await openStage('terminal', stateOf(first, looksOf('zh', 'night'), build))
  screen = await openTouchScreen(stage.url, terminalScreen)
})
afterAll(async () => {
  await screen?.close()
  stage?.close()
})

/**
 * axe takes all that stands in a button for its label. Here a button's name is its first line (PROTOCOLS.md §3) and
 * the lines below describe it: that whoever speaks can say what they see is looked at by `unsayableOn`.
 */
const rules = { 'label-content-name-mismatch': { enabled: false } }

/**
 * What a rule says is wrong, and at which element. Asked of axe where the page is: all that it has to say of a page is a
 * hundred times as much, and takes as long to hand over as to find.
 */
const wrongOn = (page: Page): Promise<string[]> =>
  page.evaluate<
    string[]
  >(`axe.run(${JSON.stringify({ resultTypes: ['violations'], rules })}).then(({ violations }) =>
    violations
      .filter(({ impact }) => ${JSON.stringify(GRAVE)}.includes(impact))
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ': ' + target.join(' '))),
  )`)

/** Buttons whose first visible words are not in their name (WCAG 2.2, 2.5.3); signs are nobody's words. */
const unsayableOn = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll('button')].flatMap((button) => {
    const plain = (text) => (text ?? '').replace(/\\s+/g, '').toLowerCase()
    const labelled = document.getElementById(button.getAttribute('aria-labelledby') ?? '')
    const name = labelled?.textContent ?? button.getAttribute('aria-label') ?? button.textContent
    const texts = document.createTreeWalker(button, NodeFilter.SHOW_TEXT)
    while (texts.nextNode()) {
      const first = plain(texts.currentNode.textContent)
      if (first === '') continue
      if (!/[\\p{L}\\p{N}]/u.test(first)) return []
      return plain(name).includes(first) ? [] : ['its name does not say what it shows: ' + first]
    }
    return plain(name) === '' ? ['it has no name: ' + button.className] : []
  })`)

it.each([
  ['zh', 'night'],
  ['en', 'day'],
] as const)('every page in %s by %s', { timeout: ENOUGH_MS }, async (language, theme) => {
  const { page } = screen
  // The page's own policy lets no foreign script in; the inspector may put one beside it.
  await page.evaluate(`${axe}; undefined`)
  const wrong: string[] = []
  for (const [name, scene] of Object.entries(scenes)) {
    await showScene(page, stage, stateOf(scene, looksOf(language, theme), build))
    const found = [...(await wrongOn(page)), ...(await unsayableOn(page))]
    wrong.push(...found.map((one) => `${name}: ${one}`))
  }
  expect(wrong).toEqual([])
})

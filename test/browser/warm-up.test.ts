/** Before the first citizen comes, the terminal's page has been through each of its pages, and the characters of texts. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { nobodysPages } from '../../ui/terminal/warm-up/nobodys-pages.ts'
import { type Looks, type Scene, scenes, stateOf } from '../ui/bench/scenes.ts'
import { builtPages, openStage, type Stage } from '../ui/bench/stage.ts'
import { openTouchScreen, type TouchScreen } from './bench.ts'
import { terminalScreen } from './chromium.ts'

/** Of a busy machine, which is hardly ever idle. */
const ENOUGH_MS = 60_000
/** Twice as long as it takes to look again whether somebody is there. */
const LONG_ENOUGH_MS = 2_500

const looks: Looks = {
  theme: 'night',
  diagonalInches: 27,
  preferences: { language: 'zh', largeType: false, highContrast: false, reach: false, sound: true },
}
const showing = (scene: Scene | undefined) => {
  if (scene === undefined) throw new Error('there is no such scene')
  return stateOf(scene, looks, builtPages())
}

/** What was drawn looked like this while it was there; told to nobody but this test. */
interface Drawn {
  words: string
  seen: boolean
  size: string
  /** Of characters alone. */
  lettering: string | null
}

/** Notes whatever comes to stand beside the page that is seen. */
const WATCH = `
  window.drawn = []
  window.letteringOf = (node) => getComputedStyle(node).fontSize + ' ' + getComputedStyle(node).fontWeight
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof HTMLElement) || !node.isConnected || node.localName === 'main') continue
      const { width, height } = node.getBoundingClientRect()
      const seen = node.checkVisibility({ opacityProperty: true }) || !node.inert
      const alone = node.querySelector(':scope > p')
      const lettering = alone && letteringOf(alone)
      window.drawn.push({ words: node.textContent.trim(), seen, size: width + '×' + height, lettering })
    }
  }).observe(document.querySelector('#panel'), { childList: true })`

/** In what whole sentences of the page that is seen are set. */
const LETTERINGS = `
  [...new Set([...document.querySelectorAll('main *')]
    .filter(({ childNodes }) => [...childNodes].some(({ nodeType, nodeValue }) =>
      nodeType === Node.TEXT_NODE && nodeValue.match(/\\p{sc=Han}/gu)?.length >= 12))
    .map(window.letteringOf))]`

let stage: Stage
let screen: TouchScreen
beforeAll(async () => {
  stage = await openStage('terminal', showing(scenes.home))
  screen = await openTouchScreen(stage.url, terminalScreen)
})
afterAll(async () => {
  await screen?.close()
  stage?.close()
})

it('while nobody is there each page is drawn once, whole and unseen, and nothing is done on it', async () => {
  const { page } = screen
  const faults: string[] = []
  page.on('pageerror', ({ message }) => faults.push(message))
  await page.evaluate(WATCH)
  const drawn = () => page.evaluate<Drawn[]>('window.drawn')
  const isReady = () =>
    page.evaluate<boolean>(
      `performance.getEntriesByType('resource').some(({ name }) => name.includes('/warm-up-'))`,
    )

  const isWarm = () => page.evaluate<boolean>(`performance.getEntriesByName('window24-warm').length > 0`)

  // As long as somebody stands there, that can wait.
  await expect.poll(isReady, { timeout: ENOUGH_MS }).toBe(true)
  await page.waitForTimeout(LONG_ENOUGH_MS)
  expect(await drawn()).toEqual([])

  stage.show(showing(scenes.rest))
  await expect.poll(isWarm, { timeout: ENOUGH_MS }).toBe(true)
  const pages = (await drawn()).filter(({ lettering }) => lettering === null)
  expect(pages).toHaveLength(nobodysPages.length)
  for (const { words, seen, size } of pages) {
    expect(words.length).toBeGreaterThan(20)
    expect(seen).toBe(false)
    expect(size).toBe('1080×1920')
  }
  await screen.seesView('rest')
  expect(await page.locator('#panel > *').count()).toBe(1)
  expect(stage.actions).toEqual([])
  expect(faults).toEqual([])
})

it('and the hanzi that texts are made of, in whatever sentences of a guide and a case are set, a few at a time', async () => {
  const drawn = (await screen.page.evaluate<Drawn[]>('window.drawn')).filter(
    ({ lettering }) => lettering !== null,
  )
  const measured = new Map<string | null, string>()
  for (const { lettering, words, seen } of drawn) {
    expect(seen).toBe(false)
    expect(words.length).toBeLessThanOrEqual(150)
    measured.set(lettering, (measured.get(lettering) ?? '') + words)
  }
  for (const [view, scene] of [
    ['guide', 'guide-two-forms'],
    ['case', 'case-ready'],
  ] as const) {
    stage.show(showing(scenes[scene]))
    await screen.seesView(view)
    const letterings = await screen.page.evaluate<string[]>(LETTERINGS)
    expect(letterings.length).toBeGreaterThan(1)
    for (const lettering of letterings) {
      expect(measured.get(lettering), lettering).toHaveLength(3755)
      expect(measured.get(lettering)).toMatch(/^啊阿.*办.*证.*座$/u)
    }
  }
})

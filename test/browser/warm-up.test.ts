/** Before the first citizen comes, the terminal's page has been through each of its pages once. */
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

/** What a page looked like while it was there; told to nobody but this test. */
interface Drawn {
  words: number
  seen: boolean
  size: string
}

/** Notes whatever comes to stand beside the page that is seen. */
const WATCH = `
  window.drawn = []
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof HTMLElement) || !node.isConnected || node.localName === 'main') continue
      const { width, height } = node.getBoundingClientRect()
      const seen = node.checkVisibility({ opacityProperty: true }) || !node.inert
      window.drawn.push({ words: node.textContent.trim().length, seen, size: width + '×' + height })
    }
  }).observe(document.querySelector('#panel'), { childList: true })`

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

  // As long as somebody stands there, that can wait.
  await expect.poll(isReady, { timeout: ENOUGH_MS }).toBe(true)
  await page.waitForTimeout(LONG_ENOUGH_MS)
  expect(await drawn()).toEqual([])

  stage.show(showing(scenes.rest))
  await expect.poll(async () => (await drawn()).length, { timeout: ENOUGH_MS }).toBe(nobodysPages.length)
  for (const { words, seen, size } of await drawn()) {
    expect(words).toBeGreaterThan(20)
    expect(seen).toBe(false)
    expect(size).toBe('1080×1920')
  }
  await screen.seesView('rest')
  expect(await page.locator('#panel > *').count()).toBe(1)
  expect(stage.actions).toEqual([])
  expect(faults).toEqual([])
})

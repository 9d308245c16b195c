import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { makeClips } from '../../../ui/build/make-clips.ts'
import { spokenClips } from '../../../ui/build/spoken-clips.ts'
import type { Saying } from '../../../ui/shared/sound/sayings.ts'
import { launchChromium, terminalScreen } from '../../browser/chromium.ts'
import { type BuiltStage, buildStage } from '../keyboard/stage.ts'
import { toneWav } from './tone.ts'

const BUILD_TIMEOUT_MS = 90_000
/** A machine that is busy with other things is slow, not wrong. */
const PATIENCE_MS = 30_000
vi.setConfig({ testTimeout: 2 * PATIENCE_MS, hookTimeout: BUILD_TIMEOUT_MS })
/** Long enough to be caught playing on a busy machine, and to run out within a test. */
const TONE_MS = 1_500

const root = join(import.meta.dirname, 'stage')
const ui = join(import.meta.dirname, '../../../ui')

let folder: string
let browser: Browser
let speaking: BuiltStage
let mute: BuiltStage
let context: BrowserContext
let page: Page

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'window24-clips-'))
  writeFileSync(join(folder, 'tone.wav'), toneWav(TONE_MS))
  // A speech program of the packaging machine that always says the same.
  makeClips(join(folder, 'clips'), `cp ${join(folder, 'tone.wav')} {out}`, {
    only: ['zh/idle-warning', 'en/idle-warning', 'zh/ticket-number', 'zh/character-A', 'zh/character-7'],
  })
  speaking = await buildStage(root, spokenClips(ui, { folder: join(folder, 'clips'), make: false }))
  mute = await buildStage(root, spokenClips(ui, { folder: join(folder, 'none'), make: false }))
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  speaking?.close()
  mute?.close()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => context.close())

/** What the page's voice does, as the browser's own audio elements tell. */
interface Heard {
  started: string[]
  now: { at: number; playing: boolean }[]
}

const open = async (stage: BuiltStage) => {
  context = await browser.newContext(terminalScreen)
  page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  await page.addInitScript(() => {
    const players = new Set<HTMLMediaElement>()
    const started: string[] = []
    const play = HTMLMediaElement.prototype.play
    HTMLMediaElement.prototype.play = function () {
      players.add(this)
      started.push(new URL(this.src).pathname.replace(/^.*\/([\w.-]+?)\.[0-9a-f]{12}\.\w+$/, '$1'))
      return play.call(this)
    }
    Object.assign(window, {
      heard: (): Heard => ({
        started,
        now: [...players].map((one) => ({ at: one.currentTime, playing: !one.paused })),
      }),
    })
  })
  await page.goto(stage.url)
  await page.locator('h1').tap()
}
const heard = () => page.evaluate(() => (window as unknown as { heard: () => Heard }).heard())
const say = (saying: Saying | null) =>
  page.evaluate(
    (next) => (window as unknown as { host: { say: (next: Saying | null) => void } }).host.say(next),
    saying,
  )
const voice = () => page.getByRole('button', { name: '语音', exact: true })

describe('the voice', () => {
  it('plays a clip, and the button that switches it is there', async () => {
    await open(speaking)
    await voice().waitFor()
    await say({ key: 'idle-warning' })
    await expect
      .poll(async () => (await heard()).now[0]?.at ?? 0, { timeout: PATIENCE_MS })
      .toBeGreaterThan(0.1)
    expect((await heard()).started).toEqual(['zh.idle-warning'])
  })

  it('is stopped by any touch', async () => {
    await open(speaking)
    await voice().waitFor()
    await say({ key: 'idle-warning' })
    await expect
      .poll(async () => (await heard()).now[0]?.at ?? 0, { timeout: PATIENCE_MS })
      .toBeGreaterThan(0.1)
    await page.locator('h1').tap()
    expect((await heard()).now[0]?.playing).toBe(false)
  })

  it('joins the figures of a number from their clips', async () => {
    await open(speaking)
    await voice().waitFor()
    await say({ key: 'ticket-number', figures: 'A-7' })
    await expect
      .poll(async () => (await heard()).started, { timeout: PATIENCE_MS })
      .toEqual(['zh.ticket-number', 'zh.character-A', 'zh.character-7'])
  })

  it('says the same page once, whatever language or look is chosen meanwhile', async () => {
    await open(speaking)
    await voice().waitFor()
    await say({ key: 'idle-warning', moment: 'first' })
    await expect.poll(async () => (await heard()).started.length, { timeout: PATIENCE_MS }).toBe(1)
    await page.getByRole('button', { name: 'English', exact: true }).tap()
    await page.getByRole('button', { name: 'Large text', exact: true }).tap()
    expect((await heard()).started).toEqual(['zh.idle-warning'])
    await say({ key: 'idle-warning', moment: 'second' })
    await expect
      .poll(async () => (await heard()).started, { timeout: PATIENCE_MS })
      .toEqual(['zh.idle-warning', 'en.idle-warning'])
  })

  it('is silent when it is switched off, and where a clip is missing, without an error', async () => {
    await open(speaking)
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    await voice().tap()
    expect(await voice().getAttribute('aria-pressed')).toBe('false')
    await say({ key: 'idle-warning' })
    await voice().tap()
    await say({ key: 'printing' })
    await say(null)
    expect((await heard()).started).toEqual([])
    expect(errors).toEqual([])
  })

  it('plays a hall’s own recording in place of the clip of that name', async () => {
    await open(speaking)
    await voice().waitFor()
    const list = speaking.asked.find((path) => path.endsWith('.json')) ?? ''
    const clips: Record<string, string> = await (await fetch(new URL(list, speaking.url))).json()
    await page.evaluate(
      (address) =>
        (window as unknown as { host: { replace: (clips: object) => void } }).host.replace({
          'zh/idle-warning': address,
        }),
      clips['zh/character-7'],
    )
    await say({ key: 'idle-warning' })
    await expect
      .poll(async () => (await heard()).started, { timeout: PATIENCE_MS })
      .toEqual(['zh.character-7'])
  })

  it('plays the built-in clip where a recording is gone or damaged, and then what follows', async () => {
    await open(speaking)
    await voice().waitFor()
    // As the device tells of them; one of the two lies there, and is no sound.
    await page.route('**/api/recordings', (route) =>
      route.fulfill({
        json: { 'zh/ticket-number': '/api/media/gone', 'zh/character-7': '/api/media/damaged' },
      }),
    )
    await page.route('**/api/media/gone', (route) => route.fulfill({ status: 404 }))
    await page.route('**/api/media/damaged', (route) =>
      route.fulfill({ contentType: 'audio/wav', body: 'RIFF, and nothing more' }),
    )
    const asked = page.waitForRequest('**/api/recordings')
    await page.evaluate(async () => {
      const { host } = window as unknown as {
        host: { record: (version: string) => void; read: (address: string) => Promise<void> }
      }
      host.record('v1')
      // The voice reads them by itself, at a moment of its own.
      await host.read('/api/recordings')
    })
    await asked
    await say({ key: 'ticket-number', figures: '7' })
    await expect
      .poll(async () => (await heard()).started, { timeout: PATIENCE_MS })
      .toEqual(['/api/media/gone', 'zh.ticket-number', '/api/media/damaged', 'zh.character-7'])
  })

  it('is not offered where no clips were made', async () => {
    await open(mute)
    await page.getByRole('button', { name: '大字', exact: true }).waitFor()
    await say({ key: 'idle-warning' })
    expect(await voice().count()).toBe(0)
    expect((await heard()).started).toEqual([])
    expect(mute.asked.filter((path) => path.includes('clips'))).toEqual([])
  })
})

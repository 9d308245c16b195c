/**
 * A clerk who looks at the pad's screen and hears it: after the labels' own words, nothing on any page, no sound and
 * no order of things tells which of the five was touched.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BUILT_PAGES } from '../../device/http/pages.ts'
import { type HeldThanks, holdThanks } from '../device/support/brief-thanks.ts'
import { bodyOf } from '../device/support/screen.ts'
import { openPad, type PadBench } from './bench.ts'

const LEVELS = ['非常满意', '满意', '基本满意', '不满意', '非常不满意']
const ITEM = { itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
/** A page that has just come may still be painted. */
const PAINTED_WITHIN = { timeout: 4_000, interval: 50 }

/** Every build has a voice where there was an engine to make one. */
const hasVoice = existsSync(join(BUILT_PAGES, 'assets', 'clips'))

/** What the keyboard types with, readings and rare characters, is fetched when it first stands there. */
const IS_TABLE = /^\/assets\/.*\.txt/

const parts = new AsyncDisposableStack()
let thanks: HeldThanks
let pad: PadBench

beforeAll(async () => {
  thanks = holdThanks()
  parts.defer(() => thanks.letGo())
  pad = await openPad()
  parts.defer(() => pad.close())
  await pad.page.addInitScript(LISTEN)
  await pad.page.reload()
  await pad.seesView('rest')
})
afterAll(() => parts.disposeAsync())

it('sees the same pages and hears the same sounds whichever of the five was touched', async () => {
  const first = new Map<string, string>()
  /** The first time round a page fetches what it speaks and types with. */
  let compared = false
  /** The first level's picture is what each other's has to be. */
  const alike = async (what: string, look: () => Promise<string>): Promise<void> => {
    if (!compared) return
    const before = first.get(what)
    if (before === undefined) first.set(what, await settled(look))
    else await expect.poll(look, { ...PAINTED_WITHIN, message: what }).toBe(before)
  }
  const picture = () => pictureOf(pad.page)
  const heard = async (what: RegExp): Promise<string[]> =>
    (await pad.page.evaluate<string[]>('heard')).filter((one) => what.test(one))

  for (const [index, level] of ['基本满意', ...LEVELS].entries()) {
    await pad.page.evaluate('heard.splice(0)')
    const answers = await holdAnswers(pad.page)
    const asked = await pad.window('POST', '/evaluations', { caseNo: `YX2026110099${index}`, ...ITEM })
    const evaluationId = String((await bodyOf(asked)).id)
    await pad.seesView('asking')
    if (hasVoice) await expect.poll(() => heard(/^plays /), PAINTED_WITHIN).toHaveLength(1)
    await alike('asking', picture)
    await pad.touch(level)
    await answers.held('choose-level')
    await alike('asking, once it was touched', picture)
    await answers.letGo()

    await pad.seesView('labels')
    const tags = pad.page.locator('fieldset').getByRole('button')
    await tags.first().waitFor()
    await alike('labels but for their words', () => withoutWords(pad.page))
    await tags.nth(1).tap()
    await pad.page.locator('fieldset [aria-pressed=true]').waitFor()
    await alike('a label chosen', () => withoutWords(pad.page))
    await pad.device.act({ type: 'prefer', preferences: { language: 'en', largeType: true } })
    await pad.page.locator('html[lang=en][data-type=large]').waitFor()
    await alike('labels in large English letters', () => withoutWords(pad.page))
    await pad.device.act({ type: 'prefer', preferences: { language: 'zh', largeType: false } })
    await pad.device.act({ type: 'open-words', evaluationId })
    await pad.page.locator('fieldset').waitFor({ state: 'detached' })
    if (!compared) await expect.poll(() => heard(IS_TABLE), PAINTED_WITHIN).toHaveLength(2)
    await alike('the page for words', picture)
    await pad.device.act({ type: 'close-words', evaluationId, words: '等了一会儿' })

    await pad.touch('完成')
    await pad.seesView('thanks')
    await alike('thanks', picture)
    thanks.pass()
    await pad.seesView('rest')
    await alike('rest', picture)
    await alike('sounds and requests', async () => (await heard(/^(?!\/assets\/)/)).join())
    compared = true
  }
  expect(first.size).toBe(9)
})

/** A page's picture as soon as it no longer changes. */
async function settled(look: () => Promise<string>): Promise<string> {
  for (let before = await look(); ; ) {
    const now = await look()
    if (now === before) return now
    before = now
  }
}

/**
 * Not the time, which goes on and is as wide as its figures, nor the line that grows shorter with it; and not before a
 * button has stopped looking touched, which a quick machine could take for how the page settles.
 */
async function pictureOf(page: Page): Promise<string> {
  await page.locator('[data-held]').first().waitFor({ state: 'detached' })
  await page.evaluate(
    `for (const one of document.querySelectorAll('time, .date')) one.style.display = 'none'`,
  )
  const mask = [page.locator('.track')]
  const png = await page.screenshot({ animations: 'disabled', mask })
  return createHash('sha256').update(png).digest('hex')
}

/** The words keep their room and are not seen. */
async function withoutWords(page: Page): Promise<string> {
  await page.evaluate(
    `for (const one of document.querySelectorAll('fieldset .text')) one.style.visibility = 'hidden'`,
  )
  return await pictureOf(page)
}

/** The page's answers stay on their way to the device for as long as the page is looked at. */
async function holdAnswers(page: Page) {
  const going = Promise.withResolvers<void>()
  const seen: string[] = []
  await page.route('**/api/actions', async (route) => {
    const { type }: { type: string } = route.request().postDataJSON()
    seen.push(type)
    if (type === 'choose-level') await going.promise
    await route.continue()
  })
  return {
    held: (type: string) => expect.poll(() => seen, PAINTED_WITHIN).toContain(type),
    async letGo() {
      going.resolve()
      await page.unrouteAll({ behavior: 'wait' })
    },
  }
}

/** In the page, before its own scripts: what it plays, says, buzzes and sends, in order. */
const LISTEN = `
  globalThis.heard = []
  const tell = (what) => globalThis.heard.push(what)
  const { play } = HTMLMediaElement.prototype
  HTMLMediaElement.prototype.play = function () {
    tell('plays ' + new URL(this.src).pathname)
    return play.call(this)
  }
  for (const name of ['AudioContext', 'OfflineAudioContext'])
    globalThis[name] = class extends globalThis[name] { constructor(...given) { super(...given); tell(name) } }
  globalThis.speechSynthesis.speak = () => tell('speaks')
  navigator.vibrate = () => tell('vibrates')
  const { fetch } = globalThis
  globalThis.fetch = (where, how) => {
    const type = how?.body === undefined ? '' : JSON.parse(how.body).type
    // How often it says that it is touched, or asks how things are, goes by the clock.
    if (type !== 'touch' && where !== '/api/state') tell(where + ' ' + type)
    return fetch(where, how)
  }
`

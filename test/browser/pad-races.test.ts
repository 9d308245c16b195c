/** The citizen's finger against everything else that happens in the same moment, on the page itself. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { letThanksBeBrief } from '../device/support/brief-thanks.ts'
import { bodyOf } from '../device/support/screen.ts'
import { openPad, type PadBench } from './bench.ts'

const ITEM = { itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 }
const SOON = { timeout: 8_000, interval: 20 }

const parts = new AsyncDisposableStack()
let pad: PadBench
let cases = 0

beforeAll(async () => {
  parts.defer(letThanksBeBrief())
  pad = await openPad()
  parts.defer(() => pad.close())
})
afterAll(() => parts.disposeAsync())
beforeEach(() => pad.seesView('rest'))

async function ask(more: object = {}): Promise<string> {
  cases += 1
  const about = { caseNo: `YX20261100${String(cases).padStart(4, '0')}`, ...ITEM, ...more }
  const answer = await pad.window('POST', '/evaluations', about)
  expect(answer.status).toBe(201)
  return String((await bodyOf(answer)).id)
}

it('a touch while the clerk’s cancel is on its way is a rating or a cancel, and both sides see the same', async () => {
  const ratedBefore = await pad.hall.ratings()
  const states: string[] = []
  // Twice in one place within a moment, the page would take a finger for one that taps twice.
  for (const [first, level] of [
    ['finger', '满意'],
    ['clerk', '非常满意'],
    ['finger', '不满意'],
    ['clerk', '基本满意'],
  ] as const) {
    const id = await ask()
    await pad.seesView('asking')
    const { x, y, width, height } = (await pad.button(level).boundingBox()) ?? NOWHERE
    const finger = () => pad.page.touchscreen.tap(x + width / 2, y + height / 2)
    const clerk = () => pad.window('DELETE', `/evaluations/${id}`)
    const both = first === 'finger' ? [finger, clerk] : [clerk, finger]
    await Promise.all(both.map((one) => one()))
    const { view } = await pad.device.until(({ view: { name } }) => name !== 'asking')
    if (view.name === 'labels') {
      await pad.touch('完成')
      await pad.seesView('rest')
    }
    await expect.poll(() => pad.evaluation(id), SOON).not.toBe('waiting')
    const state = await pad.evaluation(id)
    expect(state).toBe(view.name === 'labels' ? 'rated' : 'cancelled')
    states.push(state)
    await pad.seesView('rest')
    expect(await pad.page.getByRole('alert').count()).toBe(0)
  }
  await pad.device.until(({ line }) => line.backlog === 0)
  expect((await pad.hall.ratings()) - ratedBefore).toBe(states.filter((state) => state === 'rated').length)
})

it('a finger that came down on one question does not answer the one in its place', async () => {
  await ask()
  await pad.seesView('asking')
  const { x, y, width, height } = (await pad.button('满意').boundingBox()) ?? NOWHERE
  const touches = await pad.page.context().newCDPSession(pad.page)
  const at = { x: x + width / 2, y: y + height / 2 }
  // What tells the device of the finger is still on its way when the next question comes.
  const late = Promise.withResolvers<void>()
  await pad.page.route('**/api/actions', async (route) => {
    await late.promise
    await route.continue()
  })
  await touches.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] })
  const second = await ask({ itemName: '医保异地就医备案', replace: true })
  await pad.sees('医保异地就医备案')
  await touches.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  late.resolve()
  await pad.page.unrouteAll({ behavior: 'wait' })

  // The next word of the page to its device: nothing was said before it.
  await pad.touch('暂不评价')
  await expect.poll(() => pad.evaluation(second), SOON).toBe('declined')
})

it('a page that is loaded anew finds the citizen where they were, on each of its pages', async () => {
  const id = await ask()
  await pad.seesView('asking')
  await pad.page.reload()
  await pad.touch('不满意')
  await pad.seesView('labels')
  await pad.page.reload()
  await pad.seesView('labels')
  await pad.device.act({ type: 'open-words', evaluationId: id })
  await pad.device.act({ type: 'set-words', evaluationId: id, words: '等了一会儿' })
  await pad.page.locator('fieldset').waitFor({ state: 'detached' })
  await pad.page.reload()
  await pad.sees('等了一会儿')
  await pad.device.act({ type: 'close-words', evaluationId: id, words: '等了一会儿' })
  await pad.touch('完成')
  await pad.seesView('rest')
  await pad.page.reload()
  await pad.seesView('rest')
  await expect.poll(() => pad.evaluation(id), SOON).toBe('rated')
  await pad.device.until(({ line }) => line.backlog === 0)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Looks, scenes, stateOf } from '../ui/bench/scenes.ts'
import { builtPages, openStage, type Stage } from '../ui/bench/stage.ts'
import { openTouchScreen, type TouchScreen } from './bench.ts'
import { terminalScreen } from './chromium.ts'
import { hold } from './touch.ts'

const looks: Looks = {
  theme: 'night',
  diagonalInches: 27,
  preferences: { language: 'zh', largeType: false, highContrast: false, reach: false, sound: true },
}
const { idle } = scenes
if (!idle) throw new Error('there is no idle scene')
const warned = stateOf(idle, looks, builtPages())

let stage: Stage
let screen: TouchScreen
beforeAll(async () => {
  stage = await openStage('terminal', warned)
  screen = await openTouchScreen(stage.url, terminalScreen)
})
afterAll(async () => {
  await screen?.close()
  stage?.close()
})

/** As the device does: a touch that it is told of takes the warning away. */
const answerTouch = (): void => {
  if (stage.actions.some((action) => (action as { type: string }).type === 'touch')) {
    stage.show({ ...warned, idleEndsAt: null })
  }
}

it('结束 in the idle warning ends the session, however long the finger rests on it', async () => {
  const { page } = screen
  const end = page.getByRole('alertdialog').getByRole('button', { name: '结束' })
  await end.waitFor()
  await hold(page, await end.boundingBox(), answerTouch)
  await expect.poll(() => stage.actions).toContainEqual({ type: 'end' })
})

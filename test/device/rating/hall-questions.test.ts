/** A question that a system asks through the hall, with a real hall, the pad's own rules and a line that is cut. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AskedQuestion } from '../../../device/rating/pad-types.ts'
import { SERVICE } from '../../sync/hall/support/evaluations.ts'
import { moment, until } from '../../sync/support/until.ts'
import { type HeldThanks, holdThanks } from '../support/brief-thanks.ts'
import { type PadOnALine, padOnALine } from '../support/pad-on-a-line.ts'
import { question } from '../support/pad-room.ts'

const ANOTHER = { ...SERVICE, caseNo: 'YX2026110008K4' }

/** Long over when the pad's word comes. */
const HASTY_MS = 50

let at: PadOnALine
let thanks: HeldThanks
beforeEach(async () => {
  thanks = holdThanks()
  at = await padOnALine()
  await at.lineUp()
})
afterEach(async () => {
  expect(at.running.troubles).toEqual([])
  await at.close()
  thanks.letGo()
})

const pad = () => at.running.pad
const page = () => pad().view().name
const atWindow = (caseNo = SERVICE.caseNo, change: Partial<AskedQuestion> = {}) =>
  pad().ask(question(caseNo, change))

/** Asked through the hall, and on the pad. */
async function asked(body: object = SERVICE): Promise<string> {
  const answer = await at.system.ask(body)
  expect(answer.status).toBe(201)
  const id = String(answer.json.id)
  await until(() => pad().evaluation(id) === 'waiting')
  return id
}

async function rated(id: string): Promise<void> {
  await pad().act({ type: 'choose-level', evaluationId: id, level: 'dissatisfied' })
  await pad().act({ type: 'finish', evaluationId: id, labels: [], comment: null })
}

/** Between two looks at something that is on its way. */
const breath = () => new Promise((resolve) => setTimeout(resolve, 10))

const ended = async (id: string, state: string): Promise<void> => {
  let told: unknown = null
  while (told !== state) {
    await breath()
    told = await at.stateOf(id)
  }
}

describe('through the hall', () => {
  test('a question stands on the pad under the hall’s id, and its end is told when the pad is back at rest', async () => {
    const id = await asked()
    await until(() => page() === 'asking')
    expect(pad().view()).toMatchObject({ name: 'asking', evaluationId: id, itemName: SERVICE.itemName })
    await rated(id)
    expect([page(), pad().evaluation(id)]).toEqual(['thanks', 'waiting'])
    expect(await at.stateOf(id)).toBe('waiting')
    thanks.pass()
    await ended(id, 'rated')
    expect(page()).toBe('rest')
    expect(at.running.facts('rating')).toBe(1)
    const again = await at.system.ask(SERVICE)
    expect([again.status, again.json.code]).toEqual([409, 'already-rated'])
    await until(() => page() === 'already-rated')
  })

  test('the pad’s rules are the only ones: busy, paused, replaced, and the same that is open already', async () => {
    const first = await asked()
    const busy = await at.system.ask(ANOTHER)
    expect([busy.status, busy.json.code]).toEqual([409, 'busy'])
    expect((await at.system.ask(SERVICE)).json.id).toBe(first)
    const second = await asked({ ...ANOTHER, replace: true })
    await ended(first, 'cancelled')
    pad().setDesk({ paused: true })
    await ended(second, 'cancelled')
    const paused = await at.system.ask(SERVICE)
    expect([paused.status, paused.json.code]).toEqual([409, 'paused'])
    expect(at.running.facts('rating-declined')).toBe(2)
  })

  test('what is taken back goes at once, and after the first touch not at all', async () => {
    const untouched = await asked()
    await at.system.cancel(untouched)
    await ended(untouched, 'cancelled')
    expect(page()).toBe('rest')
    const touched = await asked(ANOTHER)
    await pad().act({ type: 'choose-level', evaluationId: touched, level: 'satisfied' })
    await at.system.cancel(touched)
    await moment()
    expect(page()).toBe('labels')
    await pad().act({ type: 'finish', evaluationId: touched, labels: [], comment: null })
    thanks.pass()
    await ended(touched, 'rated')
  })
})

describe('two that ask at once, at the window and through the hall,', () => {
  test('have one question asked: whoever comes while the hall is being told of the first is told busy', async () => {
    const mend = at.slow('back')
    expect((await at.system.ask(SERVICE)).status).toBe(201)
    // Nobody has seen it yet, for the pad has not heard that the hall agrees.
    expect([page(), atWindow(ANOTHER.caseNo).verdict]).toEqual(['rest', 'busy'])
    expect((await at.system.ask(ANOTHER)).json.code).toBe('busy')
    mend()
    await until(() => page() === 'asking')
    expect(pad().view()).toMatchObject({ itemName: SERVICE.itemName })
  })

  test('have the later one asked where it says so, and the other is told of its end', async () => {
    const mend = at.slow('back')
    const { id } = (await at.system.ask(SERVICE)).json
    expect(atWindow(ANOTHER.caseNo, { replace: true }).verdict).toBe('opened')
    mend()
    await ended(String(id), 'cancelled')
    expect(page()).toBe('asking')
  })

  test('for the same service while the hall is being told: nobody waits for the hall, and it is one question', async () => {
    const mend = at.slow('back')
    const { id } = (await at.system.ask(SERVICE)).json
    expect(atWindow()).toMatchObject({ verdict: 'opened', id })
    expect(page()).toBe('asking')
    await rated(String(id))
    thanks.pass()
    mend()
    await ended(String(id), 'rated')
    expect(at.running.facts('rating')).toBe(1)
  })

  test('for the same service have one question, and both learn of its end', async () => {
    const window = atWindow()
    if (window.verdict !== 'opened') throw new Error(window.verdict)
    const answer = await at.system.ask(SERVICE)
    const id = String(answer.json.id)
    expect([answer.status, id === window.id]).toEqual([201, false])
    await rated(window.id)
    // The thanks stand as the power goes; what belongs together is known afterwards.
    await at.restartPad()
    await ended(id, 'rated')
    expect(pad().evaluation(window.id)).toBe('rated')
    expect(at.running.facts('rating')).toBe(1)
  })
})

/** Whether another would be asked; it is not. */
function isFree(): boolean {
  const answer = pad().ask(question('YX2026110009K5'), 'held')
  if (answer.verdict === 'opened') pad().letGo(answer.id)
  return answer.verdict === 'opened'
}

/** The hall has heard the pad's yes, and its own word is lost on the way. */
async function agreedAndLost(): Promise<string> {
  const before = at.running.said()
  const mend = at.slow('there')
  const through = at.system.ask(SERVICE)
  await until(() => at.running.said() > before)
  at.proxy.silence()
  mend()
  const answer = await through
  expect([answer.status, page()]).toEqual([201, 'rest'])
  return String(answer.json.id)
}

test('a question whose line is cut after the hall’s yes is asked as soon as it is back', async () => {
  const id = await agreedAndLost()
  at.proxy.cut()
  at.proxy.mend()
  await until(() => page() === 'asking')
  expect(pad().view()).toMatchObject({ evaluationId: id })
  await at.system.cancel(id)
  await ended(id, 'cancelled')
})

test.each([
  ['is asked all the same', null, 'waiting'],
  ['is given up for one that came meanwhile', ANOTHER.caseNo, 'cancelled'],
  ['is that of the window, where it is the same', SERVICE.caseNo, 'waiting'],
] as const)(
  'a question that nobody could be told of holds the pad for a moment only, and then %s',
  async (_, meanwhile, state) => {
    await at.close()
    at = await padOnALine({ heldAtMostMs: HASTY_MS })
    await at.lineUp()
    const id = await agreedAndLost()
    while (!isFree()) await breath()
    if (meanwhile !== null) expect(atWindow(meanwhile)).toMatchObject({ verdict: 'opened' })
    at.proxy.cut()
    at.proxy.mend()
    if (state === 'cancelled') await ended(id, state)
    else await until(() => at.running.heard.includes('waiting: waiting'))
    await until(() => page() === 'asking')
    expect(await at.stateOf(id)).toBe(state)
    if (meanwhile === null) expect(pad().view()).toMatchObject({ evaluationId: id })
  },
)

test('a question that the hall has given up is never shown, and stands in nobody’s way', async () => {
  await at.close()
  at = await padOnALine({ takenWithinMs: HASTY_MS })
  await at.lineUp()
  const mend = at.slow('there')
  const answer = await at.system.ask(SERVICE)
  expect([answer.status, answer.json.code]).toEqual([409, 'pad-offline'])
  mend()
  await until(() => at.running.heard.includes('waiting: cancelled'))
  await moment()
  expect([page(), at.running.facts('rating-declined')]).toEqual(['rest', 0])
  expect(atWindow().verdict).toBe('opened')
})

describe('a line that is cut', () => {
  test('while the citizen answers costs nothing: the end is told when it is back, once', async () => {
    const id = await asked()
    at.proxy.cut()
    await rated(id)
    thanks.pass()
    expect([page(), await at.stateOf(id)]).toEqual(['rest', 'waiting'])
    at.proxy.mend()
    await ended(id, 'rated')
    await moment()
    expect(page()).toBe('rest')
    expect(at.running.facts('rating')).toBe(1)
  })

  test('and comes back while a question is open changes nothing on the pad', async () => {
    const id = await asked()
    at.proxy.cut()
    await until(() => at.running.line.status().line === 'down')
    at.proxy.mend()
    await at.lineUp()
    await until(() => at.running.heard.length >= 2)
    expect(pad().view()).toMatchObject({ name: 'asking', evaluationId: id })
    expect(at.running.facts('rating-declined')).toBe(0)
    expect(await at.stateOf(id)).toBe('waiting')
    await at.system.cancel(id)
    await ended(id, 'cancelled')
  })

  test('between the hall’s yes and the page is mended within the minute, and after it the question is cancelled', async () => {
    const soon = await at.takenAndLost(SERVICE)
    at.hall.clock.advance(3_000)
    await at.restartPad()
    await until(() => page() === 'asking')
    expect(pad().view()).toMatchObject({ evaluationId: soon })
    const late = await at.takenAndLost(ANOTHER)
    at.hall.clock.advance(61_000)
    await at.restartPad()
    await ended(late, 'cancelled')
    expect([page(), pad().evaluation(late)]).toEqual(['rest', null])
    expect(await at.stateOf(soon)).toBe('declined')
  })
})

describe('a restart', () => {
  test('of the pad while it asks: silence is told as declined, an answer as rated, and neither is asked again', async () => {
    const silent = await asked()
    await at.restartPad()
    await ended(silent, 'declined')
    const answered = await asked(ANOTHER)
    await pad().act({ type: 'choose-level', evaluationId: answered, level: 'very-satisfied' })
    await at.restartPad()
    await ended(answered, 'rated')
    expect([page(), at.running.facts('rating')]).toEqual(['rest', 1])
  })

  test('of the hall between asking and answer: the pad tells the new one', async () => {
    const id = await asked()
    await at.restartHall()
    await rated(id)
    thanks.pass()
    await ended(id, 'rated')
  })
})

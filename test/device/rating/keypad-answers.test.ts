/** The keypad beside the page: the real driver and its unit's other end, the real room and its store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answersByKeypad, type KeypadAnswers } from '../../../device/rating/keypad-answers.ts'
import { superviseKeypad } from '../../../drivers/keypad/driver.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { until } from '../../drivers/support.ts'
import { fillDisk } from '../support/full-disk.ts'
import { temporaryFolder } from '../support/house.ts'
import { openPadRoom, type PadRoom, question } from '../support/pad-room.ts'

let parts: AsyncDisposableStack
let folder: string
let room: PadRoom
let unit: KeypadSimulator
let ignored: () => number
let state: () => string
let answers: KeypadAnswers

const open = async (profile: string, awake = false): Promise<void> => {
  unit = await startKeypadSimulator({ listen: 'tcp://127.0.0.1:0', profile, awake })
  parts.defer(() => unit.close())
  const keypad = superviseKeypad({ driver: 'ff68', port: unit.port, profile })
  parts.defer(() => keypad.close())
  const { pad } = room
  answers = answersByKeypad(keypad, pad, (error) => room.troubles.push(error))
  room.onPage.mockImplementation(() => answers.follow())
  ignored = () => keypad.counters().ignoredPresses
  state = () => keypad.status().state
  await until('the keypad is ready', () => keypad.status().state === 'ready')
}

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  folder = await temporaryFolder(parts)
  room = openPadRoom(folder)
})
afterEach(async () => {
  room.close()
  await parts.disposeAsync()
})

const ask = (...given: Parameters<typeof question>): string => {
  const answer = room.pad.ask(question(...given))
  if (!('id' in answer)) throw new Error(`refused: ${answer.verdict}`)
  return answer.id
}
const asked = (times: number): Promise<void> =>
  until(`the unit was asked ${times} times`, () => unit.asking() && unit.starts() === times)
const finish = (evaluationId: string, labels: string[] = []) =>
  room.pad.act({ type: 'finish', evaluationId, labels, comment: null })
const page = () => room.pad.view().name
const thanked = () => until('the unit says its thanks', () => unit.acknowledgements() === 1)

it.each([
  ['ff68-9600', 1, 4],
  ['ff68-9600', 4, 1],
  ['ff68-9600-reversed', 1, 2],
])('on %s key %i is level %i by the profile, and the page of labels follows', async (profile, key, level) => {
  await open(profile)
  const id = ask()
  await asked(1)
  unit.press(key)
  await thanked()
  expect(page()).toBe('labels')
  await finish(id)
  expect(room.ratings()).toMatchObject([
    { level, channel: 'keypad', labels: [], reasonPending: level <= 2, proof: 'none' },
  ])
  expect(unit.starts()).toBe(1)
  expect(unit.errors).toEqual([])
})

it('what is chosen on the page of labels belongs to the keypad’s answer as to any other', async () => {
  await open('ff68-9600')
  const id = ask()
  await asked(1)
  unit.press(0)
  await until('the labels are there', () => page() === 'labels')
  await finish(id, ['517'])
  expect(room.ratings()).toMatchObject([{ level: 5, channel: 'keypad', labels: ['517'] }])
})

it('an answer is durable before the unit says its thanks, and a restart keeps where it was given', async () => {
  await open('ff68-9600')
  ask()
  await asked(1)
  unit.press(3)
  await thanked()
  room.close()
  room = openPadRoom(folder, room.sealingKeys)
  room.pad.recover()
  expect(room.ratings()).toMatchObject([{ level: 2, channel: 'keypad', reasonPending: true }])
})

it('a store that is full thanks nobody: the unit asks again, and the next press counts', async () => {
  await open('ff68-9600')
  ask()
  await asked(1)
  const makeRoom = fillDisk(room.db, 'UPDATE ON', 'question')
  unit.press(2)
  await asked(2)
  expect([page(), unit.acknowledgements(), room.troubles.length]).toEqual(['asking', 0, 1])
  makeRoom()
  unit.press(1)
  await thanked()
  expect(page()).toBe('labels')
  room.pad.close()
})

it('a key at rest is nothing: no rating, no page, no fact', async () => {
  await open('ff68-9600', true)
  unit.press(0)
  await until('it is counted', () => ignored() === 1)
  expect([page(), room.events()]).toEqual(['rest', []])
})

it('a touch on the page answers for the keypad too', async () => {
  await open('ff68-9600', true)
  const id = ask()
  await asked(1)
  await room.pad.act({ type: 'choose-level', evaluationId: id, level: 'satisfied' })
  unit.press(4)
  await until('it is counted', () => ignored() === 1)
  await finish(id)
  expect(room.ratings()).toMatchObject([{ level: 4, channel: 'pad' }])
  expect(unit.acknowledgements()).toBe(0)
})

it('a question that is cancelled takes the keypad’s asking with it', async () => {
  await open('ff68-9600', true)
  const id = ask()
  await asked(1)
  room.pad.cancel(id)
  unit.press(0)
  await until('it is counted', () => ignored() === 1)
  expect(room.ratings()).toEqual([])
  expect(page()).toBe('rest')
})

it('a touch that only keeps the question open does not ask the unit again', async () => {
  await open('ff68-9600')
  ask()
  await asked(1)
  room.pad.touch()
  room.pad.touch()
  unit.press(0)
  await thanked()
  expect(unit.starts()).toBe(1)
})

it('a question in the place of another is asked anew, and the press is the new one’s', async () => {
  await open('ff68-9600')
  ask('CASE1')
  await asked(1)
  const second = ask('CASE2', { replace: true })
  await asked(2)
  unit.press(0)
  await thanked()
  await finish(second)
  expect(room.ratings()).toMatchObject([{ level: 5, case: { caseNo: 'CASE2' } }])
})

it('five keys at once are none: nobody knows which was meant, so the unit asks again and one press counts', async () => {
  await open('ff68-9600', true)
  const id = ask()
  await asked(1)
  unit.pressTogether([4, 3, 2, 1, 0])
  await asked(2)
  expect([page(), ignored(), room.events()]).toEqual(['asking', 5, []])
  unit.press(2)
  await thanked()
  await finish(id)
  expect(room.ratings()).toMatchObject([{ level: 3, channel: 'keypad' }])
})

it('unplugged while it asks, its page goes on; plugged in again it asks again, and its press counts', async () => {
  await open('ff68-9600')
  ask()
  await asked(1)
  await unit.unplug()
  await until('its fault is told', () => state() === 'fault')
  expect(page()).toBe('asking')
  await unit.plug()
  await asked(2)
  unit.press(0)
  await thanked()
  expect(page()).toBe('labels')
})

it('unplugged while it asks, the answer is given on the page, and a late press is nothing', async () => {
  await open('ff68-9600', true)
  const id = ask()
  await asked(1)
  await unit.unplug()
  await until('its fault is told', () => state() === 'fault')
  await room.pad.act({ type: 'choose-level', evaluationId: id, level: 'satisfied' })
  await unit.plug()
  await until('it is back', () => state() === 'ready')
  unit.press(4)
  await until('it is counted', () => ignored() === 1)
  await finish(id)
  expect(room.ratings()).toMatchObject([{ level: 4, channel: 'pad' }])
  expect(unit.acknowledgements()).toBe(0)
})

it('the page is silent when the unit asks aloud, and asks itself where the unit is gone', async () => {
  await open('ff68-9600')
  const first = ask('CASE1')
  await asked(1)
  room.pad.cancel(first)
  expect(answers.asksAloud()).toBe(true)
  await unit.unplug()
  await until('its fault is told', () => state() === 'fault')
  ask('CASE2')
  expect(answers.asksAloud()).toBe(false)
  await unit.plug()
  await asked(2)
  // What has begun aloud on the page does not end because the unit came back.
  expect(answers.asksAloud()).toBe(false)
})

describe('without a panel', () => {
  beforeEach(() => {
    room.close()
    room = openPadRoom(folder, room.sealingKeys, { hasPanel: false })
  })

  it.each([0, 2, 3])('key %i is the whole rating: thanks at once, the same as for every key', async (key) => {
    await open('ff68-9600')
    const id = ask()
    await asked(1)
    unit.press(key)
    await thanked()
    expect([page(), room.pad.evaluation(id)]).toEqual(['thanks', 'waiting'])
    expect(room.ratings()).toMatchObject([
      { level: 5 - key, channel: 'keypad', labels: [], comment: null, reasonPending: key >= 3 },
    ])
    expect([unit.lamps(), unit.beeps(), unit.asking(), unit.errors]).toEqual([0, 0, false, []])
  })

  it('an answer that the chain could not take yet is thanked for, asked no more, and a rating as soon as it can', async () => {
    await open('ff68-9600')
    ask()
    await asked(1)
    fillDisk(room.db, 'INSERT ON', 'outbox_events')
    unit.press(3)
    await thanked()
    expect([page(), unit.asking(), room.ratings(), room.troubles.length]).toEqual(['labels', false, [], 1])
    room.close()
    room = openPadRoom(folder, room.sealingKeys, { hasPanel: false })
    room.pad.recover()
    expect(room.ratings()).toMatchObject([{ level: 2, channel: 'keypad' }])
  })
})

it('an answer of before there were keypads was given on the page', async () => {
  const id = ask()
  await room.pad.act({ type: 'choose-level', evaluationId: id, level: 'satisfied' })
  room.db.exec("ALTER TABLE question DROP COLUMN tapped_on; DELETE FROM migrations WHERE name = 'rating-2'")
  room.close()
  room = openPadRoom(folder, room.sealingKeys)
  room.pad.recover()
  expect(room.ratings()).toMatchObject([{ level: 4, channel: 'pad' }])
})

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PadAction, PadState, PadView } from '../../../device/http/contract.ts'
import { Conversation } from '../../../ui/pad/conversation.svelte.ts'
import type { ActionOutcome, DeviceLink } from '../../../ui/shared/device-link.svelte.ts'

const tap: PadAction = { type: 'choose-level', evaluationId: 'e1', level: 'satisfied' }
const other: PadAction = { type: 'choose-level', evaluationId: 'e1', level: 'dissatisfied' }

/** A device that answers when it is told to. */
class SlowDevice {
  state: { view: Pick<PadView, 'name'> } = { view: { name: 'asking' } }
  readonly taken: PadAction[] = []
  readonly #waiting: ((outcome: ActionOutcome) => void)[] = []

  act(action: PadAction): Promise<ActionOutcome> {
    this.taken.push(action)
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  async answer(outcome: ActionOutcome): Promise<void> {
    this.#waiting.shift()?.(outcome)
    await vi.advanceTimersByTimeAsync(0)
  }
}

let device: SlowDevice
let conversation: Conversation

beforeEach(() => {
  vi.useFakeTimers()
  device = new SlowDevice()
  conversation = new Conversation(device as unknown as DeviceLink<PadState, PadAction>)
})

afterEach(() => {
  vi.useRealTimers()
})

describe('what a citizen says to the pad', () => {
  it('takes one answer: a second tap before the device has written the first changes nothing', async () => {
    void conversation.answer(tap)
    void conversation.answer(other)
    await vi.advanceTimersByTimeAsync(0)
    expect(device.taken).toEqual([tap])
    await device.answer('done')
    expect(device.taken).toEqual([tap])
  })

  it('tells the first touch of each question, also of a finger that no button takes, and then one a second', async () => {
    const touches = () => device.taken.filter(({ type }) => type === 'touch').length
    const touch = async (): Promise<void> => {
      conversation.touched()
      await vi.advanceTimersByTimeAsync(0)
      await device.answer('done')
    }
    await touch()
    await touch()
    expect(touches()).toBe(1)
    // Another question in the place of the first, under a hand that trembles.
    conversation.pageChanged('asking e2')
    await touch()
    expect(touches()).toBe(2)
    await touch()
    vi.advanceTimersByTime(1_000)
    await touch()
    expect(touches()).toBe(3)
  })

  it('says that an answer was not kept, and takes it again', async () => {
    void conversation.answer(tap)
    await vi.advanceTimersByTimeAsync(0)
    expect(conversation.failed).toBe(false)
    await device.answer('no-answer')
    expect(conversation.failed).toBe(true)
    void conversation.answer(tap)
    await vi.advanceTimersByTimeAsync(0)
    expect(conversation.failed).toBe(false)
    await device.answer('done')
    expect(conversation.failed).toBe(false)
    expect(device.taken).toEqual([tap, tap])
  })

  it('says nothing of an old failure on a new page', async () => {
    void conversation.answer(tap)
    await vi.advanceTimersByTimeAsync(0)
    await device.answer('refused')
    conversation.pageChanged('rest')
    expect(conversation.failed).toBe(false)
  })

  it('sends what was touched later after what was touched before', async () => {
    const anonymous: PadAction = { type: 'set-anonymous', evaluationId: 'e1', anonymous: true }
    void conversation.send(anonymous)
    void conversation.answer(tap)
    await vi.advanceTimersByTimeAsync(0)
    expect(device.taken).toEqual([anonymous])
    await device.answer('done')
    expect(device.taken).toEqual([anonymous, tap])
  })

  it('tells of touches once a second at most, and only while a question is open', async () => {
    for (let touch = 0; touch < 5; touch++) {
      conversation.touched()
      await vi.advanceTimersByTimeAsync(300)
      await device.answer('done')
    }
    expect(device.taken).toEqual([{ type: 'touch' }, { type: 'touch' }])
    device.state = { view: { name: 'rest' } }
    await vi.advanceTimersByTimeAsync(2_000)
    conversation.touched()
    await vi.advanceTimersByTimeAsync(0)
    expect(device.taken).toHaveLength(2)
  })
})

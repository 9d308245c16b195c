import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuseSecondTap } from '../../../ui/pad/second-tap.ts'

/** Two points that no finger takes for the same. */
const HERE = { x: 640, y: 400 }
const ELSEWHERE = { x: 1100, y: 720 }

let shown: string
let page: EventTarget
let stop: () => void

/** Whether a tap reaches what lies under it. */
function tap(at: { x: number; y: number }): boolean {
  const event = (type: string) => Object.assign(new Event(type), { clientX: at.x, clientY: at.y })
  const down = event('pointerdown')
  const stopped = vi.spyOn(down, 'stopPropagation')
  page.dispatchEvent(down)
  vi.advanceTimersByTime(60)
  page.dispatchEvent(event('pointerup'))
  return stopped.mock.calls.length === 0
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
  shown = 'asking'
  page = new EventTarget()
  stop = refuseSecondTap(page as Document, () => shown)
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

describe('a quick second tap', () => {
  it('does not fall on the page that the first one brought', () => {
    expect(tap(HERE)).toBe(true)
    shown = 'labels'
    vi.advanceTimersByTime(150)
    expect(tap(HERE)).toBe(false)
    vi.advanceTimersByTime(150)
    expect(tap(HERE)).toBe(false)
  })

  it('is a touch of its own once the finger has rested, or when it is somewhere else', () => {
    tap(HERE)
    shown = 'labels'
    vi.advanceTimersByTime(150)
    expect(tap(ELSEWHERE)).toBe(true)
    shown = 'thanks'
    vi.advanceTimersByTime(1_000)
    expect(tap(ELSEWHERE)).toBe(true)
  })

  it('counts on one page: a label can be put on and taken off', () => {
    expect(tap(HERE)).toBe(true)
    vi.advanceTimersByTime(100)
    expect(tap(HERE)).toBe(true)
  })
})

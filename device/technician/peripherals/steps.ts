/** A test as it is walked: one step after another, each with its time, until one falls or all have passed. */
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { PeripheralName, RunningTest } from '../../http/contract.ts'

/** `reason`: a stable code, and never what was read from a card or a code. */
export type StepEnd = { passed: true } | { passed: false; reason: string }

export const PASSED: StepEnd = { passed: true }
export const failed = (reason: string): StepEnd => ({ passed: false, reason })

export interface StepContext {
  /** Aborted when the time of the step is up, or the test is stopped: the step then ends with its own reason. */
  signal: AbortSignal
  /** What the step shows, on top of what is shown already; null takes it away. Nothing of a person but masked. */
  show(facts: Record<string, string | null>): void
  /** What the technician says; false once the signal is aborted. */
  answer(): Promise<boolean>
}

export interface Step {
  code: string
  /** Null: it waits for the technician, who may take the time that it takes. */
  limitMs: number | null
  /** Must come to its end soon after its signal was aborted. */
  run(context: StepContext): Promise<StepEnd>
}

export type TestEnd =
  | { outcome: 'passed' }
  | { outcome: 'failed'; step: string; reason: string }
  | { outcome: 'stopped' }

const OF_A_CARD = ['name', 'number']

/** One test from its beginning to its end. Begins at once. */
export class TestRun {
  readonly ended: Promise<TestEnd>
  #name: PeripheralName
  #steps: RunningTest['steps']
  #facts: Record<string, string> = {}
  #until: string | null = null
  #state: RunningTest['state'] = 'running'
  #answer: ((right: boolean) => void) | null = null
  #stopping = new AbortController()
  #onChange: () => void

  constructor(name: PeripheralName, steps: readonly Step[], onChange: () => void) {
    this.#name = name
    this.#steps = steps.map(({ code }) => ({ code, state: 'waiting', reason: null }))
    this.#onChange = onChange
    this.ended = this.#walk(steps)
  }

  get name(): PeripheralName {
    return this.#name
  }

  get isOver(): boolean {
    return this.#state !== 'running'
  }

  /** As the page shows it. */
  state(): RunningTest {
    return {
      name: this.#name,
      state: this.#state,
      steps: this.#steps.map((step) => ({ ...step })),
      facts: { ...this.#facts },
      asks: this.#answer !== null,
      until: this.#until,
    }
  }

  /** False when nothing is asked. */
  answer(right: boolean): boolean {
    const told = this.#answer
    this.#answer = null
    told?.(right)
    return told !== null
  }

  /** Resolves when nothing of it is under way any more. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.ended
  }

  async #walk(steps: readonly Step[]): Promise<TestEnd> {
    // Whoever began it has its state before anything happens.
    await Promise.resolve()
    for (const [index, step] of steps.entries()) {
      this.#mark(index, 'now')
      const end = await this.#take(step)
      if (this.#stopping.signal.aborted) {
        this.#mark(index, 'waiting')
        return this.#over('stopped', { outcome: 'stopped' })
      }
      if (!end.passed) {
        this.#mark(index, 'failed', end.reason)
        return this.#over('failed', { outcome: 'failed', step: step.code, reason: end.reason })
      }
      this.#mark(index, 'passed')
    }
    return this.#over('passed', { outcome: 'passed' })
  }

  async #take(step: Step): Promise<StepEnd> {
    const timeUp = new AbortController()
    const { limitMs } = step
    const timer = limitMs === null ? undefined : setTimeout(() => timeUp.abort(), limitMs)
    const signal = AbortSignal.any([timeUp.signal, this.#stopping.signal])
    this.#until = limitMs === null ? null : formatInstant(new Date(Date.now() + limitMs))
    this.#onChange()
    try {
      return await step.run({ signal, show: (facts) => this.#show(facts), answer: () => this.#ask(signal) })
    } finally {
      clearTimeout(timer)
      this.#until = null
      this.#answer = null
    }
  }

  #ask(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#answer = resolve
      signal.addEventListener('abort', () => resolve(false), { once: true })
      this.#onChange()
    })
  }

  #show(facts: Record<string, string | null>): void {
    const next = new Map(Object.entries(this.#facts))
    for (const [name, value] of Object.entries(facts)) {
      if (value === null) next.delete(name)
      else next.set(name, value)
    }
    this.#facts = Object.fromEntries(next)
    this.#onChange()
  }

  #mark(index: number, state: RunningTest['steps'][number]['state'], reason: string | null = null): void {
    this.#steps = this.#steps.map((step, at) => (at === index ? { ...step, state, reason } : step))
  }

  #over(state: RunningTest['state'], end: TestEnd): TestEnd {
    this.#state = state
    // What was drawn, read or asked was for the test alone; of a card not even the masks stay.
    const isKept = ([name]: [string, string]): boolean => state !== 'stopped' && !OF_A_CARD.includes(name)
    this.#facts = Object.fromEntries(Object.entries(this.#facts).filter(isKept))
    this.#onChange()
    return end
  }
}

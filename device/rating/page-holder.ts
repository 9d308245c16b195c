import type { PadPage } from './pad-types.ts'
import { closesAtMs } from './rules.ts'

export interface PageOptions {
  /** Something on the page is another than before. */
  onPage: () => void
  /** `asking` or `labels` has waited long enough. */
  onClose: () => void
  /** A page that passes by itself has been shown long enough. */
  onPass: () => void
  onTrouble: (error: unknown) => void
}

/** The page that stands on the pad, and the one timer that ends it. */
export class PageHolder {
  readonly #options: PageOptions
  #now: PadPage = { name: 'rest' }
  #timer: NodeJS.Timeout | undefined

  constructor(options: PageOptions) {
    this.#options = options
  }

  get now(): PadPage {
    return this.#now
  }

  get isUntouched(): boolean {
    return this.#now.name === 'asking' && !this.#now.touched
  }

  /** A page that waits for the citizen; `labels` follows a touch. */
  open(name: 'asking' | 'labels'): void {
    const nowMs = performance.now()
    this.#now = { name, openedMs: nowMs, touchedMs: nowMs, touched: name === 'labels' }
    this.#closeInTime()
    this.#options.onPage()
  }

  /** On a page that waits for nobody this changes nothing. */
  touch(): void {
    if (this.#now.name !== 'asking' && this.#now.name !== 'labels') return
    this.#now = { ...this.#now, touchedMs: performance.now(), touched: true }
    this.#closeInTime()
    this.#options.onPage()
  }

  /** A page that passes by itself. */
  show(page: Extract<PadPage, { name: 'thanks' | 'not-now' | 'already-rated' }>, forMs: number): void {
    this.#now = page
    this.after(forMs, this.#options.onPass)
    this.#options.onPage()
  }

  /** Tells nobody: what else changes at rest is done first. */
  rest(): void {
    this.stop()
    this.#now = { name: 'rest' }
  }

  /** Instead of whatever the timer was set for. */
  after(waitMs: number, action: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      try {
        action()
      } catch (error) {
        this.#options.onTrouble(error)
      }
    }, waitMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #closeInTime(): void {
    if (this.#now.name !== 'asking' && this.#now.name !== 'labels') return
    this.after(closesAtMs(this.#now) - performance.now(), this.#options.onClose)
  }
}

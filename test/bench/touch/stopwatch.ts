/** The page's own clock for what a person waits for: a frame that stands, not a message that has come. */
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const IN_PAGE = readFileSync(new URL('./stopwatch.js', import.meta.url), 'utf8')

/** What changes when the answer stands: the node that a selector finds, or one of its attributes. */
export interface Watched {
  selector: string
  attribute?: string
}

/** Whatever page stands now gives way to another. */
export const ANOTHER_PAGE: Watched = { selector: 'main.view :is(.stage, .ending)' }

export interface Stopwatch {
  set(watched: Watched): Promise<void>
  /** When the finger was lifted and when the frame was over, milliseconds by the page's own clock. */
  touch(): Promise<{ liftedMs: number; overMs: number }>
  /** When that frame was over, milliseconds since the epoch. */
  over(): Promise<number>
}

/** For this load of the page. */
export async function startStopwatch(page: Page): Promise<Stopwatch> {
  await page.evaluate(IN_PAGE)
  return {
    set: (watched) => page.evaluate(`stopwatch.set(${JSON.stringify(watched)})`),
    touch: () => page.evaluate<{ liftedMs: number; overMs: number }>('stopwatch.touch()'),
    over: () => page.evaluate<number>('stopwatch.over()'),
  }
}

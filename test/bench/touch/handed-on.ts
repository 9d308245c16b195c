/**
 * When a lifted finger was handed on to the page. What the inspector touches with is stamped as it is asked for, and then
 * held back until the page has made one more frame (content/browser/devtools/protocol/input_handler.cc): on a page where
 * something moves that is long. A finger on glass waits for no frame.
 */
import type { Browser, Page } from 'playwright-core'

const CLOCK = 'window24-clock'
const SENT = 'InputRouterImpl::FilterAndSendWebInputEvent'
/** It is held back for a few frames at most. */
const WITHIN_MS = 1_000

/** What is read of an event in Chromium's trace format. */
interface TraceEvent {
  name: string
  /** Microseconds. */
  ts: number
  args?: { type?: string }
}

/** Of each moment at which the inspector lifted a finger: when the page was given it, by the page's clock. */
export type HandedOn = (liftedMs: number) => number

/** @returns how to end the watch */
export async function watchHandedOn(browser: Browser, page: Page): Promise<() => Promise<HandedOn>> {
  const inspector = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  inspector.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  await inspector.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['input', 'blink.user_timing'] },
  })
  const clockMs = await page.evaluate<number>(`performance.mark('${CLOCK}').startTime`)
  return async () => {
    const complete = new Promise((resolve) => inspector.once('Tracing.tracingComplete', resolve))
    await inspector.send('Tracing.end')
    await complete
    await inspector.detach()
    const clock = events.find(({ name }) => name === CLOCK)
    const sent = events.filter(({ name, args }) => name === SENT && args?.type === 'TouchEnd')
    if (clock === undefined || sent.length === 0)
      throw new Error('this Chromium tells otherwise of its inputs: the bench has to learn it')
    const sentMs = sent.map(({ ts }) => (ts - clock.ts) / 1_000 + clockMs)
    return (liftedMs) => {
      const waits = sentMs.map((ms) => ms - liftedMs).filter((ms) => ms >= 0 && ms < WITHIN_MS)
      if (waits.length === 0) throw new Error(`nothing tells of the finger that was lifted at ${liftedMs} ms`)
      return liftedMs + Math.min(...waits)
    }
  }
}

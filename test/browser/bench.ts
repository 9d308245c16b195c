/**
 * What journeys through real Chromium are made of. One file imports this and nothing else of the bench.
 *
 *   const terminal = await openTerminal({ language: 'en', theme: 'day', largeType: true, line: 'down', printers: 'a4' })
 *   await terminal.putCard('zhang')             a demonstration person's name, or a card of any kind; liftCard()
 *   terminal.scan('YX2026110007K3')             also bytes, as a scanner would send them
 *   await terminal.touch('办事指南')             by accessible name, whole or as a pattern; button(name) to look at it
 *   await terminal.sees('普通护照申领')          words anywhere on the page; seesView('papers') for the page itself
 *   terminal.line.cut(); terminal.line.mend()   the wire to the hall
 *   terminal.peripherals.receiptPrinter.setPaper('out'), .pagePrinter.setJam(true), .reader.unplug(), .faults …
 *   codesOn((await terminal.receipts.next()).png), textOf(await terminal.papers.next())
 *   await terminal.screenshot('journey-page')   only where WINDOW24_SCREENSHOTS names a folder
 *   await terminal.end()                        the person leaves; the next may come
 *   await terminal.close()
 *
 * A terminal is the device that ships with its own folder and key, over TCP to simulated peripherals, at a hall of its
 * own or at one that several share (`hall: await openHall()`); it starts in moments, so a test opens one for itself
 * and parallel ones where it needs several. It runs in the test's process; with `ownProcess: []` in one of its own,
 * whose memory can be looked into. A pad is opened in the same way; `openDemo` starts the whole of `window24 demo`.
 * Chromium is one for the whole run, each screen a context of its own: nothing is handed from one to the next.
 */
export { type DemoBench, openDemo } from './bench/demo.ts'
export { demoCase, type HallBench, openHall } from './bench/hall.ts'
export { openPad, type PadBench, type PadOptions } from './bench/pad.ts'
export { codesOn, pagesOf, textOf } from './bench/papers.ts'
export { openTouchScreen, type TouchScreen } from './bench/screen.ts'
export { openTerminal, type TerminalBench, type TerminalOptions } from './bench/terminal.ts'

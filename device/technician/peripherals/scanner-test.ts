/** Does the scanner read what is drawn on the screen, and read it right? */
import type { Scan, Scanner } from '../../../drivers/scanner/driver.ts'
import { answers, type TestMaker } from './bench.ts'
import { drawnFacts, newTestCode } from './drawn-code.ts'
import { failed, PASSED, type Step, type StepEnd } from './steps.ts'

export const scannerTest: TestMaker = ({ scanner }, timings) =>
  scanner === null ? null : [answers(scanner, timings), scanThis(scanner, timings.handMs)]

/** A code that is another one is told and not shown: it may be on somebody's paper. */
const scanThis = (scanner: Scanner, limitMs: number): Step => ({
  code: 'scan',
  limitMs,
  run: async ({ signal, show }) => {
    const code = newTestCode()
    show(drawnFacts(code))
    void scanner.arm()
    let reason = 'nothing-scanned'
    const end = await new Promise<StepEnd>((resolve) => {
      const settle = (end: StepEnd): void => {
        stopScans()
        stopStatus()
        signal.removeEventListener('abort', late)
        resolve(end)
      }
      const late = (): void => settle(failed(reason))
      const stopScans = scanner.onScan((scan) => {
        const seen = judge(scan, code)
        show({ seen, symbology: scan.kind === 'scanned' ? scan.symbology : null })
        if (seen === 'right') return settle(PASSED)
        reason = seen
      })
      const stopStatus = scanner.onStatus((status) => {
        if (status.state === 'fault') settle(failed(status.reason))
      })
      signal.addEventListener('abort', late, { once: true })
      if (signal.aborted) late()
    })
    show({ code: null, qr: null, qrSize: null, bars: null, barsWidth: null })
    return end
  },
})

/** `cut`: the beginning or the end of it is missing, as when the scanner is set to add or take characters. */
export const judge = (scan: Scan, code: string): 'right' | 'wrong-code' | 'cut' | 'not-text' => {
  if (scan.kind === 'rejected') return 'not-text'
  if (scan.text === code) return 'right'
  const isPart = code.includes(scan.text) || scan.text.includes(code)
  return isPart ? 'cut' : 'wrong-code'
}

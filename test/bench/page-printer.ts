/**
 * From the order to the outcome of one page: straight to an IPP Everywhere printer (ippeveprinter) and through a
 * CUPS queue to the same one, beside CUPS's own tools doing the same (`ipptool` printing and asking every 20 ms, `lp` and
 * `lpstat` until the job is gone). One run, one machine: only the ratios say anything elsewhere.
 *
 *   node test/bench/page-printer.ts
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type PagePrinter, supervisePagePrinter } from '../../drivers/page-printer/driver.ts'
import { startCups } from '../drivers/page-printer/cups.ts'
import { startEvePrinter } from '../drivers/page-printer/ippeveprinter.ts'
import { pdfWithQr } from '../drivers/page-printer/support.ts'
import { environment, needTools } from '../drivers/page-printer/tools.ts'
import { until } from '../drivers/support.ts'

const DIRECT_RUNS = 20
const QUEUE_RUNS = 7
const LPSTAT_PAUSE_MS = 20
const TOOL_DEADLINE_MS = 20_000
/** The heartbeat, its deadline, and what a busy machine adds. */
const TOLD_WITHIN_MS = 5000

/** A Print-Job and the wait for its end, as ipptool wants to be told them. */
const PRINT_AND_WAIT = `
{
  OPERATION Print-Job
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR name requesting-user-name window24
  ATTR mimeMediaType document-format application/pdf
  GROUP job-attributes-tag
  ATTR keyword media iso_a4_210x297mm
  FILE $filename
  STATUS successful-ok
  EXPECT job-id
}
{
  DELAY .02
  OPERATION Get-Job-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR integer job-id $job-id
  ATTR name requesting-user-name window24
  EXPECT job-state WITH-VALUE >5 REPEAT-NO-MATCH
}
`

/** Not waited for in the loop's place: the printer's own process is read from meanwhile. */
async function run(tool: string, args: string[]): Promise<string> {
  const options = { env: environment(), timeout: TOOL_DEADLINE_MS }
  return (await promisify(execFile)(tool, args, options)).stdout
}

async function medianMs(runs: number, one: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < runs; at += 1) {
    const before = performance.now()
    await one()
    times.push(performance.now() - before)
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? Number.NaN
}

const isReady = (printer: PagePrinter) => (): boolean => printer.status().state === 'ready'

needTools('ipptool', 'lp', 'lpstat')
const folder = mkdtempSync(join(tmpdir(), 'w24-bench-'))
const file = join(folder, 'page.pdf')
const script = join(folder, 'print-and-wait.test')
writeFileSync(script, PRINT_AND_WAIT)
const pdf = await pdfWithQr('https://hall.example/q/330099')
writeFileSync(file, pdf)
const eve = await startEvePrinter(0)
const cups = await startCups({ deviceUri: eve.port })
const direct = supervisePagePrinter({ driver: 'ipp', port: eve.port })
const queue = supervisePagePrinter({ driver: 'ipp', port: cups.port })
try {
  await until('both are ready', () => isReady(direct)() && isReady(queue)(), 20_000)
  const outcomes = new Set<string>()
  const print = (printer: PagePrinter) => async (): Promise<void> => {
    outcomes.add(JSON.stringify(await printer.print(pdf)))
  }
  const ours = await medianMs(DIRECT_RUNS, print(direct))
  const tool = await medianMs(DIRECT_RUNS, async () => run('ipptool', ['-q', '-f', file, eve.port, script]))
  const oursQueued = await medianMs(QUEUE_RUNS, print(queue))
  const lp = await medianMs(QUEUE_RUNS, async () => {
    await run('lp', ['-h', cups.server, '-d', 'a4', '-o', 'media=A4', file])
    while ((await run('lpstat', ['-h', cups.server, '-o', 'a4'])) !== '')
      await new Promise((resolve) => setTimeout(resolve, LPSTAT_PAUSE_MS))
  })
  await eve.kill()
  const killed = performance.now()
  await until('it is told', () => direct.status().state === 'fault', TOLD_WITHIN_MS)
  const toldMs = performance.now() - killed
  await eve.restart()
  const back = performance.now()
  await until('it is ready', isReady(direct), TOLD_WITHIN_MS)
  process.stdout.write(
    [
      `straight: ours ${ours.toFixed(0)} ms, ipptool ${tool.toFixed(0)} ms, ratio ${(ours / tool).toFixed(2)}`,
      `queue: ours ${oursQueued.toFixed(0)} ms, lp + lpstat ${lp.toFixed(0)} ms, ratio ${(oursQueued / lp).toFixed(2)}`,
      `killed: told after ${toldMs.toFixed(0)} ms; back: ready after ${(performance.now() - back).toFixed(0)} ms`,
      `outcomes: ${[...outcomes].join(' ')}`,
      '',
    ].join('\n'),
  )
} finally {
  await Promise.all([direct.close(), queue.close()])
  await cups.close()
  await eve.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Can the page printer be reached, what can it do, and does a page come out? */
import { askPrinter } from '../../../drivers/discovery/printers.ts'
import { parsePort } from '../../../drivers/transport/port.ts'
import { answers, asked, type TestMaker } from './bench.ts'
import { newTestCode } from './drawn-code.ts'
import { printed } from './outcomes.ts'
import { failed, PASSED, type Step, type StepContext, type StepEnd } from './steps.ts'

export const pagePrinterTest: TestMaker = ({ pagePrinter: printer, testPage }, timings) => {
  if (printer === null) return null
  const printing: Step = {
    code: 'print',
    limitMs: timings.pageMs,
    run: async ({ signal, show }) => {
      const pdf = await testPage(newTestCode()).catch(() => null)
      if (pdf === null) return failed('no-page')
      const wishes = {
        signal,
        onSent: () => show({ sent: 'yes' }),
        onSides: (count: number) => show({ sides: String(count) }),
      }
      return printed(await printer.print(pdf, wishes), show)
    },
  }
  return [answers(printer, timings, (context) => tellAbout(printer.port, context)), printing, asked('right')]
}

/** Its make, what lies in its trays, and whether it prints on both sides: as it says itself, nothing is asked twice. */
const tellAbout = async (port: string, { show }: StepContext): Promise<StepEnd> => {
  const parsed = parsePort(port)
  if (!parsed.ok || parsed.port.kind !== 'ipp') return PASSED
  const answer = await askPrinter(port)
  if (answer.state !== 'answering') return PASSED
  const { model, mediaReady, sides } = answer.printer
  show({
    model,
    trays: mediaReady.length === 0 ? null : mediaReady.join(' '),
    duplex: sides.length === 0 ? null : sides.some((side) => side.startsWith('two-sided')) ? 'yes' : 'no',
  })
  return PASSED
}

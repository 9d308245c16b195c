import { type IppPrinterSimulator, startIppPrinterSimulator } from '../../drivers/simulators/ipp-printer.ts'
import type { IppFault } from '../../drivers/simulators/ipp-printer-faults.ts'
import { kindOf } from './kind.ts'
import { choice } from './words.ts'

/** As long as an office printer takes for a page. */
const MILLISECONDS_PER_SIDE = 2000

/** Those that need no number. */
const FAULTS = [
  'garbage',
  'garbage-ipp',
  'hostile-ipp',
  'other-answer',
  'hang',
  'hang-within',
  'die',
  'die-within',
  'die-early',
  'endless',
] as const satisfies readonly IppFault['kind'][]

export const pagePrinter = kindOf<IppPrinterSimulator>({
  profiles: [],
  orders: [
    choice('paper', ['ok', 'near-end', 'out'], (printer, paper) => printer.setPaper(paper)),
    choice('cover', ['open', 'shut'], (printer, state) => printer.setCover(state === 'open')),
    choice('jam', ['yes', 'no'], (printer, answer) => printer.setJam(answer === 'yes')),
    choice('toner', ['ok', 'low', 'empty'], (printer, toner) => printer.setToner(toner)),
    choice('paused', ['yes', 'no'], (printer, answer) => printer.setPaused(answer === 'yes')),
    choice('jobs', ['honest', 'stuck', 'aborts', 'lies'], (printer, manner) => printer.setManner(manner)),
    choice('fault', [...FAULTS, 'clear'], ({ faults }, fault) => {
      if (fault === 'clear') faults.clear()
      else faults.add({ kind: fault })
    }),
  ],
  start: async ({ listen, report, onError }) => {
    const millisecondsPerSide = MILLISECONDS_PER_SIDE
    const printer = await startIppPrinterSimulator({ listen, millisecondsPerSide, onError })
    printer.onPages((pdf) => report(`a document of ${pdf.length} bytes came out`))
    return printer
  },
})

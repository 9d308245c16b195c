/** What speaks against handing a device over. Pure. */
import type { OpenPoint } from '../../http/contract.ts'
import type { ReportFacts } from './report-facts.ts'

/** In the order in which a technician does the work. */
export const openPoints = ({ device, peripherals, health }: ReportFacts): OpenPoint[] => [
  ...(device.runs ? [] : [{ what: 'device', code: 'not-running' } as const]),
  ...(device.hall.deviceId === null ? [{ what: 'hall', code: 'not-enrolled' } as const] : []),
  ...(peripherals.length === 0 ? [{ what: 'peripherals', code: 'none-bound' } as const] : []),
  ...peripherals.flatMap(ofPeripheral),
  ...(device.screen.widthPx === null ? [{ what: 'screen', code: 'not-measured' } as const] : []),
  ...Object.entries(health.checks).flatMap(([what, { state }]): OpenPoint[] => {
    if (state === 'good') return []
    return [{ what, code: state === 'bad' ? 'failed' : 'not-tried' }]
  }),
  ...health.faults
    .filter(({ id, severity }) => severity === 'fault' && !isToldElsewhere(id, peripherals))
    .map(({ id }) => ({ what: id, code: 'fault' }) as const),
]

type Bound = ReportFacts['peripherals'][number]

const ofPeripheral = ({ name, test, status }: Bound): OpenPoint[] => {
  if (test === null) return [{ what: name, code: 'not-tried' }]
  if (test.outcome === 'failed') return [{ what: name, code: 'failed' }]
  return status?.state === 'fault' ? [{ what: name, code: 'not-working' }] : []
}

/** A fault of a peripheral is told with it, and that no hall has enrolled the device stands above. */
const isToldElsewhere = (id: string, peripherals: readonly Bound[]): boolean =>
  id === 'hall.not-enrolled' ||
  id === 'device.stopped' ||
  peripherals.some(({ name }) => id.startsWith(`${name}.`))

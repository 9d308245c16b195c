import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import type { Facts, Held } from '../../../drivers/discovery/discovery.ts'
import type { HidDevice } from '../../../drivers/discovery/hid-devices.ts'
import type { Bound, Finding, Subject } from './findings.ts'
import { judgeHolders, judgeRights } from './judge-use.ts'
import { isKeyboard, peripheralOf, SCANNER_PAGE } from './known-models.ts'
import { hidPort } from './names.ts'

export const judgeBoundHid = (
  facts: Facts,
  peripheral: Bound,
  subject: Subject,
  port: Extract<BoundPort, { kind: 'hid' }>,
): Finding[] => {
  if (facts.hid.library.state !== 'working') return judgeLibrary(facts, subject)
  const device = hidPort(port)
  const equal = facts.hid.devices.filter((one) => hidPort(one) === device)
  if (equal.length === 0) {
    const candidates = facts.hid.devices.filter((one) => peripheralOf(one) === peripheral.name).map(hidPort)
    return [{ severity: 'fault', subject, id: 'hid-missing', device, candidates: [...new Set(candidates)] }]
  }
  const nodes = peripheral.name === 'scanner' ? equal.filter(mayBeScanner) : equal
  const [first] = nodes.toSorted((one, other) => byNumber(one.node, other.node))
  if (first === undefined) {
    const asKeyboard = equal.some(isKeyboard)
    return [{ severity: 'fault', subject, id: 'scanner-mode', device, asKeyboard }]
  }
  const count = devicesAmong(nodes)
  return [
    ...judgeDevice(facts, subject, first),
    ...(count > 1 ? [{ severity: 'warning', subject, id: 'hid-twins', device, count } as const] : []),
  ]
}

/** As the driver chooses: by usage page, and a node that tells none is taken at its word. */
const mayBeScanner = ({ usages }: HidDevice): boolean =>
  usages.length === 0 || usages.some(({ page }) => page === SCANNER_PAGE)

/** hidraw2 before hidraw10: the lowest number is the one that the driver opens. */
const byNumber = (one: string, other: string): number => one.localeCompare(other, 'en', { numeric: true })

/** How many devices these nodes are: one device has a node for each interface, under one serial number. */
const devicesAmong = (nodes: readonly HidDevice[]): number => {
  const bySerial = Map.groupBy(nodes, ({ serialNumber }) => serialNumber)
  return [...bySerial.values()].reduce((sum, equal) => {
    const byInterface = Map.groupBy(equal, (one) => one.interface)
    return sum + Math.max(...[...byInterface.values()].map((list) => list.length))
  }, 0)
}

/** Rights and owners of one device, bound or not. */
export const judgeDevice = (facts: Facts, subject: Subject, device: Held<HidDevice>): Finding[] => [
  ...(device.access === null ? [] : judgeRights(facts, subject, device.node, device.access, 'fault')),
  // hidraw lets several in: each hears all reports, and what they write comes mixed.
  ...judgeHolders(subject, device.node, device.holders, 'warning'),
]

export const judgeLibrary = ({ hid: { library } }: Facts, subject: Subject): Finding[] => {
  switch (library.state) {
    case 'working':
      return []
    case 'missing':
      return [{ severity: 'fault', subject, id: 'hid-library-missing' }]
    case 'failed':
      return [{ severity: 'fault', subject, id: 'hid-library-failed', detail: library.detail }]
    case 'silent':
      return [{ severity: 'fault', subject, id: 'hid-silent' }]
  }
}

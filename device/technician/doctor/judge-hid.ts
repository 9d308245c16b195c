import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import type { Facts, Held } from '../../../drivers/discovery/discovery.ts'
import type { HidDevice } from '../../../drivers/discovery/hid-devices.ts'
import type { Bound, Finding, Subject } from './findings.ts'
import { judgeHolders, judgeRights } from './judge-use.ts'
import { peripheralOf, SCANNER_PAGE } from './known-models.ts'
import { hidPort } from './names.ts'

/** HID usage tables: a keyboard, which is how a scanner comes out of its box. */
const GENERIC_DESKTOP_PAGE = 0x01
const KEYBOARD_USAGE = 0x06

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
  const [first] = equal
  const twins = new Set(equal.map((one) => one.node)).size
  return [
    ...(first === undefined ? [] : judgeDevice(facts, subject, first)),
    ...(peripheral.name === 'scanner' ? judgeScannerMode(subject, device, equal) : []),
    ...(twins > 1 ? [{ severity: 'warning', subject, id: 'hid-twins', device, count: twins } as const] : []),
  ]
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
      return [{ severity: 'fault', subject, id: 'hid-library-missing', detail: library.detail }]
    case 'silent':
      return [{ severity: 'fault', subject, id: 'hid-silent' }]
  }
}

const judgeScannerMode = (subject: Subject, device: string, equal: readonly HidDevice[]): Finding[] => {
  // Some kernels tell no usage page: then nothing can be said against it.
  if (equal.some((one) => one.usagePage === null || one.usagePage === SCANNER_PAGE)) return []
  const asKeyboard = equal.some(
    (one) => one.usagePage === GENERIC_DESKTOP_PAGE && one.usage === KEYBOARD_USAGE,
  )
  return [{ severity: 'fault', subject, id: 'scanner-mode', device, asKeyboard }]
}

/** Facts about a machine as a list of things, each with what it can be. Pure; nothing is bound by it. */
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { HidDevice } from '../../../drivers/discovery/hid-devices.ts'
import type { Printer } from '../../../drivers/discovery/printers.ts'
import type { SerialPort } from '../../../drivers/discovery/serial-ports.ts'
import type { UsbIdentity } from '../../../drivers/discovery/usb.ts'
import type { FoundThing, PeripheralName } from '../../http/contract.ts'
import type { Bound, Finding } from '../doctor/findings.ts'
import { isKeyboard, peripheralOf, serialAdapterTitle } from '../doctor/known-models.ts'
import { bindingName, hidPort } from '../doctor/names.ts'
import { hidProposals, pagePrinterProposal, wireProposals } from './proposals.ts'

/** `findings` take the place of their words, which the room adds. */
export type Thing = Omit<FoundThing, 'id' | 'advice'> & { findings: readonly Finding[] }

export interface Setting {
  /** In the order of `facts.bound`. */
  bound: readonly Bound[]
  /** Of the machine without its configuration. */
  findings: readonly Finding[]
  role: 'terminal' | 'pad' | null
  /** Printers that answered at addresses which were browsed. */
  browsed: readonly Printer[]
  /** USB printers that the kernel has as `/dev/usb/lpN`, which no driver here takes. */
  usbPrinters: readonly UsbIdentity[]
}

export const foundThings = (facts: Facts, setting: Setting): Thing[] => [
  ...facts.serialPorts.map((port) => serialThing(facts, port, setting)),
  ...facts.claimedUsb.map((device) => claimedThing(device, setting)),
  ...distinctHid(facts.hid.devices).map((device) => hidThing(device, setting)),
  ...setting.usbPrinters.map(
    (device): Thing => ({
      ...NOTHING,
      kind: 'printer',
      title: titleOf(device) ?? hidPort(device).slice(HID_SCHEME),
      why: 'usb-printer',
    }),
  ),
  ...distinctPrinters([...facts.cups.printers, ...setting.browsed]).map((printer) =>
    printerThing(printer, setting),
  ),
]

const HID_SCHEME = 'hid:'.length

const NOTHING: Pick<Thing, 'port' | 'proposals' | 'boundTo' | 'why' | 'findings'> = {
  port: null,
  proposals: [],
  boundTo: null,
  why: null,
  findings: [],
}

const serialThing = (facts: Facts, port: SerialPort, { bound, findings, role }: Setting): Thing => {
  const name = `serial:${bindingName(facts, port)}`
  const { usb } = port
  const words = usb === null ? '' : `${usb.manufacturer ?? ''} ${usb.product ?? ''}`
  const boundTo = bound.find((_, index) => {
    const at = facts.bound[index]
    return at?.kind === 'serial' && at.node === port.node
  })
  return {
    kind: 'serial',
    port: name,
    title: serialTitle(usb) ?? port.node,
    proposals: wireProposals((baud) => `${name}?baud=${baud}`, role, { ids: usb, words }),
    boundTo: boundTo?.name ?? null,
    why: null,
    findings: about(findings, name),
  }
}

/** The adapter's chip is what is known; what its maker wrote into it may be anything. */
const serialTitle = (usb: UsbIdentity | null): string | null => {
  if (usb === null) return null
  const adapter = serialAdapterTitle(usb)
  const own = titleOf(usb)
  return adapter !== null && own !== null ? `${adapter} · ${own}` : (adapter ?? own)
}

const claimedThing = (device: UsbIdentity, { findings }: Setting): Thing => ({
  ...NOTHING,
  kind: 'serial',
  title: serialTitle(device) ?? hidPort(device).slice(HID_SCHEME),
  why: 'claimed',
  findings: findings.filter(({ id }) => id === 'usb-claimed'),
})

const hidThing = (device: HidDevice, { bound, findings }: Setting): Thing => {
  const port = hidPort(device)
  const proposals = hidProposals(device, peripheralOf(device) === 'scanner')
  const unusable = isKeyboard(device) ? 'types' : 'no-driver'
  return {
    kind: 'hid',
    port,
    title: titleOf(device) ?? port,
    proposals,
    boundTo: boundAt(bound, port),
    why: proposals.length > 0 ? null : unusable,
    findings: about(findings, port),
  }
}

const printerThing = (printer: Printer, { bound, findings }: Setting): Thing => ({
  kind: 'printer',
  port: printer.uri,
  title: printer.model === null ? printer.name : `${printer.model} · ${printer.name}`,
  proposals: [pagePrinterProposal(printer.uri)],
  boundTo: boundAt(bound, printer.uri),
  why: null,
  findings: about(findings, printer.uri),
})

/** A composite device has a node for each interface; its ids are what it is bound by. */
const distinctHid = (devices: readonly HidDevice[]): HidDevice[] => {
  const merged = new Map<string, HidDevice>()
  for (const device of devices) {
    const known = merged.get(hidPort(device))
    const usages = [...(known?.usages ?? []), ...device.usages]
    merged.set(hidPort(device), { ...(known ?? device), usages })
  }
  return [...merged.values()]
}

const distinctPrinters = (printers: readonly Printer[]): Printer[] => [
  ...new Map(printers.map((printer) => [printer.uri, printer])).values(),
]

export const titleOf = ({ manufacturer, product }: UsbIdentity): string | null => {
  const said = [manufacturer, product].filter((part) => part !== null && part !== '').join(' ')
  return said === '' ? null : said
}

export const boundAt = (bound: readonly Bound[], port: string): PeripheralName | null =>
  bound.find((one) => one.port.toLowerCase() === port.toLowerCase())?.name ?? null

/** Of a port that is bound the doctor tells by its peripheral, elsewhere. */
const about = (findings: readonly Finding[], port: string): Finding[] =>
  findings.filter(({ subject }) => subject.kind === 'port' && subject.port === port)

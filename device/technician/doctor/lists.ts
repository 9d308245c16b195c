/** What the machine has, listed: each thing by the name to bind it by, and below it what it is. */
import type { Access } from '../../../drivers/discovery/access.ts'
import type { Facts, Held } from '../../../drivers/discovery/discovery.ts'
import type { HidDevice } from '../../../drivers/discovery/hid-devices.ts'
import type { Holder } from '../../../drivers/discovery/processes.ts'
import type { SerialPort } from '../../../drivers/discovery/serial-ports.ts'
import type { UsbIdentity } from '../../../drivers/discovery/usb.ts'
import type { Bound, Finding } from './findings.ts'
import { isKeyboard, peripheralOf } from './known-models.ts'
import { bindingName, hidPort } from './names.ts'
import type { Words } from './words.ts'

export interface Entry {
  name: string
  /** Told in one line, with dots between. */
  says: string[]
}

export interface Listing {
  title: string
  /** Goes for all of them. */
  hint: string | null
  entries: Entry[]
}

interface Looked {
  facts: Facts
  findings: readonly Finding[]
  bound: readonly Bound[]
}

export const listingsOf = ({ facts, findings, bound }: Looked, words: Words): Listing[] => [
  ...(bound.length === 0 ? [] : [boundListing(bound, findings, words)]),
  {
    title: words.page.serialPorts,
    hint: facts.serialPorts.length > 0 ? words.page.bindSerial : null,
    entries: facts.serialPorts.map((port) => serialEntry(facts, port, words)),
  },
  {
    title: words.page.hidDevices,
    hint: null,
    entries: facts.hid.devices.map((device) => hidEntry(device, words)),
  },
  {
    title: words.page.printers,
    hint: null,
    entries: facts.cups.printers.map(({ uri, state, reasons, acceptsJobs, errorPolicy }) => ({
      name: uri,
      says: [
        words.page.printerStates[state],
        ...reasons,
        ...(acceptsJobs ? [] : [words.page.notAccepting]),
        ...(errorPolicy === null ? [] : [errorPolicy]),
      ],
    })),
  },
  {
    title: words.page.programs,
    hint: null,
    entries: [
      words.page.cups[facts.cups.state],
      words.page.hidLibrary[facts.hid.library.state],
      runs(words, 'ModemManager', facts.modemManager),
      runs(words, 'brltty', facts.brltty),
      runs(words, 'window24 device', facts.window24),
    ].map((name) => ({ name, says: [] })),
  },
]

/** Every port of the configuration, in its order: those of which there is nothing to say above, too. */
const boundListing = (bound: readonly Bound[], findings: readonly Finding[], words: Words): Listing => ({
  title: words.page.boundPorts,
  hint: null,
  entries: bound.map(({ name, port }) => {
    const worst = findings.find(({ subject }) => subject.kind === 'peripheral' && subject.name === name)
    const state = worst === undefined ? words.page.inOrder : words.severities[worst.severity]
    return { name: port, says: [words.peripherals[name], state] }
  }),
})

const serialEntry = (facts: Facts, port: Held<SerialPort>, words: Words): Entry => {
  const name = bindingName(facts, port)
  return {
    name: `serial:${name}`,
    says: [
      ...(name === port.node ? [] : [baseName(port.node)]),
      ...(port.usb === null ? [] : [usbName(port.usb)]),
      access(port.access, words),
      ...held(port.holders, words),
    ],
  }
}

const hidEntry = (device: Held<HidDevice>, words: Words): Entry => {
  const peripheral = peripheralOf(device)
  return {
    name: hidPort(device),
    says: [
      ...(peripheral === null ? [] : [words.peripherals[peripheral]]),
      ...(isKeyboard(device) ? [words.page.keyboard] : []),
      baseName(device.node),
      [device.manufacturer, device.product].filter(Boolean).join(' '),
      device.access === null ? words.page.noNode : access(device.access, words),
      ...held(device.holders, words),
    ].filter((part) => part !== ''),
  }
}

const access = ({ allowed, rootOnly }: Access, words: Words): string => {
  if (!allowed) return words.page.forbidden
  return rootOnly ? words.page.rootOnly : words.page.usable
}

const held = (holders: readonly Holder[], words: Words): string[] =>
  holders.length === 0
    ? []
    : [words.page.heldBy(holders.map(({ name, pid }) => words.page.process(name, pid)).join(', '))]

const runs = (words: Words, name: string, holders: readonly Holder[]): string =>
  words.page.runs(
    name,
    holders.map(({ pid }) => pid),
  )

const usbName = ({ vendorId, productId, manufacturer, product }: UsbIdentity): string =>
  [hidPort({ vendorId, productId }).slice('hid:'.length), manufacturer, product].filter(Boolean).join(' ')

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

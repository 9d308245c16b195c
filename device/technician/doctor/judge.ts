import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { SerialPort } from '../../../drivers/discovery/serial-ports.ts'
import type { Bound, Finding, Subject } from './findings.ts'
import { judgeDevice, judgeLibrary } from './judge-hid.ts'
import { judgeBound } from './judge-ports.ts'
import { judgeCups } from './judge-printing.ts'
import { judgeHolders, judgeRights } from './judge-use.ts'
import { peripheralOf, serialAdapterTitle } from './known-models.ts'
import { bindingName, hidPort, isUsb } from './names.ts'

const MACHINE: Subject = { kind: 'machine' }
const ORDER = ['fault', 'warning', 'note'] as const

/**
 * Everything that is wrong, the worst first. With a configuration (`bound` in the order of `facts.bound`) its
 * ports are judged; without (null), whatever is plugged in and looks like ours, and then nothing is worse than a
 * warning, for nobody has said yet what is needed. Pure.
 */
export const judge = (facts: Facts, bound: readonly Bound[] | null): Finding[] => {
  const findings =
    bound === null
      ? judgeUnbound(facts)
      : bound.flatMap((peripheral, index) => {
          const port = facts.bound[index]
          return port === undefined ? [] : judgeBound(facts, peripheral, port)
        })
  const all = [
    ...findings,
    ...(bound === null ? [] : judgeSharing(facts, bound)),
    ...judgeTakers(facts, bound),
    ...judgeSight(facts, bound),
  ]
  return worstFirst(all)
}

export const worstFirst = (findings: readonly Finding[]): Finding[] =>
  ORDER.flatMap((severity) => findings.filter((finding) => finding.severity === severity))

const judgeUnbound = (facts: Facts): Finding[] => {
  const serial = facts.serialPorts.filter(isUsb).flatMap((port): Finding[] => {
    const subject: Subject = { kind: 'port', port: `serial:${bindingName(facts, port)}` }
    return [
      ...judgeRights(facts, subject, port.node, port.access, 'warning'),
      ...judgeHolders(subject, port.node, port.holders, 'warning'),
    ]
  })
  const hid = facts.hid.devices
    .filter((device) => peripheralOf(device) !== null)
    .flatMap((device) => judgeDevice(facts, { kind: 'port', port: hidPort(device) }, device))
  const machine = [...judgeLibrary(facts, MACHINE), ...judgeCups(facts, MACHINE, 'warning')]
  return [...serial, ...hid, ...machine].map((finding) =>
    finding.severity === 'fault' ? { ...finding, severity: 'warning' } : finding,
  )
}

/** One port belongs to one peripheral, under whatever names it is bound. */
const judgeSharing = ({ bound: ports }: Facts, bound: readonly Bound[]): Finding[] =>
  bound.flatMap((peripheral, index) => {
    const port = ports[index]
    const identity = port === undefined ? null : identityOf(port)
    const others = bound.filter((_, at) => {
      const other = ports[at]
      // Told once, at the later of the two.
      return at < index && other !== undefined && identity !== null && identityOf(other) === identity
    })
    return others.length === 0
      ? []
      : [
          {
            severity: 'fault',
            subject: { kind: 'peripheral', name: peripheral.name, port: peripheral.port },
            id: 'port-shared',
            others: others.map(({ name }) => name),
          } as const,
        ]
  })

const identityOf = (port: BoundPort): string | null => {
  switch (port.kind) {
    case 'serial':
      return port.node
    case 'tcp':
      return `${port.host}:${port.port}`
    case 'hid':
      return hidPort(port)
    case 'ipp':
      return port.url
    case 'dir':
      return port.path
    case 'stuck':
      return null
  }
}

/** Programs that take ports which are not theirs (field row 13). */
const judgeTakers = (facts: Facts, bound: readonly Bound[] | null): Finding[] => {
  const ours = facts.serialPorts.filter((port) => isUsb(port) && (bound === null || isBound(facts, port)))
  const names = (ports: readonly SerialPort[]): string[] => ports.map((port) => bindingName(facts, port))
  const open = names(ours.filter((port) => port.modemManagerIgnores !== true))
  const claimed = facts.claimedUsb.filter(
    (device) => serialAdapterTitle(device) !== null || device.holders.some(({ name }) => name === 'brltty'),
  )
  return [
    ...claimed.map(
      (device) =>
        ({
          severity: bound === null ? 'warning' : 'fault',
          subject: MACHINE,
          id: 'usb-claimed',
          device: [hidPort(device).slice('hid:'.length), serialAdapterTitle(device) ?? device.product]
            .filter(Boolean)
            .join(' '),
          holders: device.holders,
        }) as const,
    ),
    ...(facts.modemManager.length > 0 && open.length > 0
      ? [{ severity: 'warning', subject: MACHINE, id: 'modem-manager', ports: open } as const]
      : []),
    ...(facts.brltty.length > 0 && claimed.length === 0 && ours.length > 0
      ? [{ severity: 'warning', subject: MACHINE, id: 'brltty', ports: names(ours) } as const]
      : []),
  ]
}

const isBound = (facts: Facts, { node }: SerialPort): boolean =>
  facts.bound.some((port) => port.kind === 'serial' && port.node === node)

const judgeSight = (facts: Facts, bound: readonly Bound[] | null): Finding[] => {
  const watched =
    bound === null
      ? facts.serialPorts.some(isUsb) || facts.hid.devices.some((one) => peripheralOf(one) !== null)
      : facts.bound.some(({ kind }) => kind === 'serial' || kind === 'tcp' || kind === 'hid')
  return watched && facts.unseenProcesses > 0
    ? [
        {
          severity: 'note',
          subject: MACHINE,
          id: 'holders-unseen',
          processes: facts.unseenProcesses,
          user: facts.user.name,
        },
      ]
    : []
}

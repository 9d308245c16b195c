/** Judges the port that a peripheral is bound to: presence, name, rights, owner, and whether it takes bytes. */
import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import type { Facts } from '../../../drivers/discovery/discovery.ts'
import type { Bound, Finding, Subject } from './findings.ts'
import { judgeBoundHid } from './judge-hid.ts'
import { judgeBoundPrinter } from './judge-printing.ts'
import { judgeHolders, judgeRights } from './judge-use.ts'
import { bindingName, hasTwin, isUsb } from './names.ts'

type Of<K extends BoundPort['kind']> = Extract<BoundPort, { kind: K }>

/** What is wrong with one bound port. */
export const judgeBound = (facts: Facts, peripheral: Bound, port: BoundPort): Finding[] => {
  const subject: Subject = { kind: 'peripheral', name: peripheral.name, port: peripheral.port }
  switch (port.kind) {
    case 'serial':
      return judgeSerial(facts, subject, port)
    case 'tcp':
      return judgeTcp(facts, subject, port)
    case 'hid':
      return judgeBoundHid(facts, peripheral, subject, port)
    case 'ipp':
      return judgeBoundPrinter(facts, subject, port)
    case 'dir':
      return judgeFolder(facts, subject, port)
    case 'stuck':
      return [{ severity: 'fault', subject, id: 'port-stuck' }]
  }
}

const judgeSerial = (facts: Facts, subject: Subject, port: Of<'serial'>): Finding[] => {
  const { path, node, access } = port
  if (access === null) {
    const candidates = facts.serialPorts
      .filter(isUsb)
      .map((one) => renamed(subject, path, bindingName(facts, one)))
    return [{ severity: 'fault', subject, id: 'port-missing', path, dangling: port.dangling, candidates }]
  }
  // Nobody can tell what is behind a closed folder.
  if (node === null) return judgeRights(facts, subject, path, access, 'fault')
  if (!port.isTty) return [{ severity: 'fault', subject, id: 'port-not-a-device', path }]
  return [
    ...judgeRights(facts, subject, path, access, 'fault'),
    ...judgeHolders(subject, path, port.holders, 'fault'),
    ...judgeName(facts, subject, path, node),
    ...(port.stalled ? [{ severity: 'warning', subject, id: 'port-stalled', path } as const] : []),
  ]
}

const judgeName = (facts: Facts, subject: Subject, path: string, node: string): Finding[] => {
  const port = facts.serialPorts.find((one) => one.node === node)
  if (port === undefined || !isUsb(port)) return []
  const name = bindingName(facts, port)
  const better = name === path ? null : renamed(subject, path, name)
  if (path === node) return [{ severity: 'warning', subject, id: 'port-unstable', path, better }]
  return path === port.byId && hasTwin(facts, port)
    ? [{ severity: 'warning', subject, id: 'port-ambiguous', path, better }]
    : []
}

/** The bound port string with another path in it, so that it can be copied whole. */
const renamed = (subject: Subject, path: string, name: string): string =>
  subject.kind === 'peripheral' ? subject.port.replace(path, name) : `serial:${name}`

const judgeTcp = (facts: Facts, subject: Subject, port: Of<'tcp'>): Finding[] => {
  const address = `${port.host}:${port.port}`
  const held = judgeHolders(subject, address, port.holders, 'fault')
  const stalled: Finding[] = port.stalled
    ? [{ severity: 'warning', subject, id: 'port-stalled', path: address }]
    : []
  switch (port.answer) {
    case 'unknown-host':
      return [{ severity: 'fault', subject, id: 'tcp-unknown-host', host: port.host }]
    case 'name-silent':
      return [{ severity: 'fault', subject, id: 'tcp-name-silent', host: port.host }]
    case 'refused':
      return [{ severity: 'fault', subject, id: 'tcp-refused', address }]
    case 'no-answer':
      return [{ severity: 'fault', subject, id: 'tcp-no-answer', address }]
    case 'accepts':
      return []
    case null: {
      const unused = facts.window24.length > 0 && port.connections === 0
      return unused
        ? [{ severity: 'warning', subject, id: 'tcp-not-connected', address }]
        : [...held, ...stalled]
    }
  }
}

const judgeFolder = (
  { user: { name: user } }: Facts,
  subject: Subject,
  { path, found, target, access }: Of<'dir'>,
): Finding[] => {
  if (access === null) return [{ severity: 'fault', subject, id: 'folder-missing', path, user }]
  if (found === 'something-else') return [{ severity: 'fault', subject, id: 'folder-is-none', path }]
  return access.allowed
    ? []
    : [{ severity: 'fault', subject, id: 'folder-forbidden', path, user, access, target }]
}

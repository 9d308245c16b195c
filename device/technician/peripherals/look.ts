/** One look around: what is plugged in or answers, and what the doctor says about it and about what is bound. */
import { join } from 'node:path'
import type { BoundPort } from '../../../drivers/discovery/bound-ports.ts'
import { discover, type Facts } from '../../../drivers/discovery/discovery.ts'
import { type Machine, namesIn } from '../../../drivers/discovery/machine.ts'
import { type UsbIdentity, usbDeviceAbove } from '../../../drivers/discovery/usb.ts'
import { accountsOf, judgedUser } from '../../../drivers/discovery/user.ts'
import { parsePort } from '../../../drivers/transport/port.ts'
import type { Advice, PeripheralName } from '../../http/contract.ts'
import type { Bound, Finding } from '../doctor/findings.ts'
import { judge } from '../doctor/judge.ts'
import { adviceOf, settingOf } from './advice.ts'
import { browsePrinters } from './browse.ts'
import { foundThings, type Thing } from './found.ts'

export interface Looked {
  things: Thing[]
  /** About each peripheral that is bound, the worst first. */
  advice: Partial<Record<PeripheralName, Advice[]>>
}

export interface LookOptions {
  machine: Machine
  /** CUPS's browser. */
  ippfind: string
  bound: readonly Bound[]
  role: 'terminal' | 'pad' | null
  configPath: string
}

/** Writes to no port and opens no device. Done within 3 s, for each of its parts has a deadline of its own. */
export const lookAround = async ({
  machine,
  ippfind,
  bound,
  role,
  configPath,
}: LookOptions): Promise<Looked> => {
  const parsed = bound.flatMap((one) => {
    const port = parsePort(one.port)
    return port.ok ? [{ one, port: port.port }] : []
  })
  const ours = parsed.map(({ one }) => one)
  const accounts = await accountsOf(machine)
  const user = judgedUser(accounts, undefined)
  if (user === null) throw new Error('whoever runs this has no user id')
  const [facts, browsed, usbPrinters] = await Promise.all([
    discover(
      machine,
      user,
      accounts,
      parsed.map(({ port }) => port),
    ),
    browsePrinters(ippfind),
    usbPrintersOf(machine),
  ])
  const findings = judge(facts, null)
  return {
    things: foundThings(facts, { bound: ours, findings, role, browsed, usbPrinters }),
    advice: adviceForBound(facts, ours, configPath),
  }
}

const adviceForBound = (facts: Facts, bound: readonly Bound[], configPath: string): Looked['advice'] => {
  const setting = settingOf(configPath)
  const findings = bound.length === 0 ? [] : judge(facts, bound)
  return Object.fromEntries(
    bound.map((one, index) => {
      const isAbout = (finding: Finding): boolean =>
        finding.subject.kind === 'peripheral'
          ? finding.subject.name === one.name
          : takes(finding, facts.bound[index], one.port)
      return [one.name, findings.filter(isAbout).map((finding) => adviceOf(finding, setting))]
    }),
  )
}

/** Programs that take ports are told of the machine; here of the port that they take (DEVICES §6 row 13). */
const takes = (finding: Finding, at: BoundPort | undefined, port: string): boolean => {
  if (at?.kind !== 'serial') return false
  const [name = ''] = port.slice('serial:'.length).split('?')
  switch (finding.id) {
    case 'modem-manager':
    case 'brltty':
      return finding.ports.includes(name)
    case 'usb-claimed':
      // An adapter that was taken has no port any more: it may be the one that is missing here.
      return at.node === null
    default:
      return false
  }
}

/** Receipt printers by USB that are no serial port: the kernel's printer class, which no driver here speaks. */
const usbPrintersOf = async (machine: Machine): Promise<UsbIdentity[]> => {
  const folder = join(machine.sys, 'class', 'usbmisc')
  const names = (await namesIn(folder)).filter((name) => /^lp\d+$/.test(name))
  const devices = await Promise.all(
    names.map((name) => usbDeviceAbove(machine, join(folder, name, 'device'))),
  )
  return devices.filter((device) => device !== null)
}

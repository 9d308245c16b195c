/** What the page is shown of a peripheral and of a thing that was found. */
import type { Advice, BoundPeripheral, FoundThing, PeripheralName, Proposal } from '../../http/contract.ts'
import type { Insight } from '../../insight.ts'
import { adviceOf, settingOf } from './advice.ts'
import type { Entry } from './entries.ts'
import type { Thing } from './found.ts'

export const statusOf = (device: Insight | null, name: PeripheralName): BoundPeripheral['status'] => {
  const status = device?.peripherals
    .all()
    .find((one) => one.name === name)
    ?.peripheral.status()
  if (status === undefined) return null
  return {
    state: status.state,
    since: status.since,
    reason: status.state === 'fault' ? status.reason : null,
    warnings: status.state === 'ready' ? [...status.warnings] : [],
    detail: status.state === 'fault' ? status.detail : null,
  }
}

/** What was found, as of now: a look is older than what was bound by it. */
export const thingsOf = (
  things: readonly Thing[],
  bound: readonly Entry[],
  configPath: string,
): FoundThing[] => {
  const setting = settingOf(configPath)
  const ownerOf = ({ port, boundTo }: Thing): PeripheralName | null => {
    const isAt = (one: Entry): boolean => one.port === port || one.port.startsWith(`${port}?`)
    const isStill = (one: Entry): boolean => one.name === boundTo
    return (bound.find(isAt) ?? bound.find(isStill))?.name ?? null
  }
  return things.map((thing, index) => {
    const { findings, ...shown } = thing
    const advice: Advice[] = findings.map((finding) => adviceOf(finding, setting))
    const proposals: Proposal[] = [...thing.proposals]
    return { id: String(index), ...shown, boundTo: ownerOf(thing), proposals, advice }
  })
}

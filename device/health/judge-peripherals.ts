/** What is wrong with the peripherals that are bound: each reason a driver can give, and each warning. */
import type { FaultReason, Warning } from '../../drivers/status.ts'
import type { PeripheralName } from '../http/contract.ts'
import type { HealthSnapshot } from './snapshot.ts'
import { stopsOf } from './stops.ts'
import type { TodoCode, Trouble } from './trouble.ts'

const NAMES: readonly PeripheralName[] = ['idReader', 'scanner', 'receiptPrinter', 'pagePrinter', 'keypad']

const FAULT_TODO: Record<FaultReason, TodoCode[]> = {
  'cannot-open': ['check-cable', 'check-power', 'free-port', 'choose-port'],
  'no-answer': ['check-power', 'check-cable', 'check-model', 'free-port'],
  'line-lost': ['check-cable', 'check-power'],
  'bad-frames': ['check-model', 'check-cable', 'free-port'],
  'paper-out': ['load-paper'],
  'cover-open': ['close-cover'],
  cutter: ['clear-cutter', 'close-cover'],
  mechanical: ['look-inside', 'check-power'],
  offline: ['set-online', 'check-power', 'check-cable'],
  folder: ['check-folder'],
  'supplies-empty': ['new-toner'],
  'missing-library': ['install-again'],
}

const WARNING_TODO: Record<Warning, TodoCode[]> = {
  'paper-near-end': ['new-roll-soon'],
  'toner-low': ['new-toner-soon'],
}

export const judgePeripherals = (snapshot: HealthSnapshot): Trouble[] =>
  NAMES.flatMap((name) => judgeOne(name, snapshot))

const judgeOne = (name: PeripheralName, snapshot: HealthSnapshot): Trouble[] => {
  const status = snapshot.peripherals[name]
  switch (status?.state) {
    case undefined:
    case 'connecting':
      return []
    case 'fault':
      return [
        {
          id: `${name}.${status.reason}`,
          part: name,
          severity: 'fault',
          since: status.since,
          stops: stopsOf(name, snapshot),
          todo: FAULT_TODO[status.reason],
          facts: {},
        },
      ]
    case 'ready':
      return status.warnings.map((warning) => ({
        id: `${name}.${warning}`,
        part: `${name}.${warning}`,
        severity: 'warning',
        since: status.since,
        stops: [],
        todo: WARNING_TODO[warning],
        facts: {},
      }))
  }
}

/** Parts of which nobody knows at this moment: what was said of them stands. */
export const unknownParts = ({ peripherals }: HealthSnapshot): Set<string> =>
  new Set(NAMES.filter((name) => peripherals[name]?.state === 'connecting'))

/** One thing that is wrong, before it has lasted: what every judge of this folder gives. */
import type { FaultReason, Warning } from '../../drivers/status.ts'
import type { HealthFault, PeripheralName, Service } from '../http/contract.ts'

/** What stops working, seen from whoever stands there and from whoever keeps the hall. */
export type StopCode =
  | Service
  | 'everything' // nobody is served at all
  | 'scanning' // a code has to be typed, or the card laid down
  | 'receipts' // slips and numbers on receipt paper
  | 'pages' // A4 papers
  | 'pressing' // rating by the keypad's buttons
  | 'hall-questions' // questions that come to a pad by the hall
  | 'window-interface' // the clerk's system and page
  | 'upload' // facts wait on this device
  | 'updates' // guides, notices, settings stay as they are
  | 'times' // when something was rated or said is told wrongly

export type TodoCode =
  | 'check-cable'
  | 'check-power'
  | 'free-port'
  | 'choose-port'
  | 'check-model'
  | 'load-paper'
  | 'new-roll-soon'
  | 'close-cover'
  | 'clear-cutter'
  | 'look-inside'
  | 'set-online'
  | 'new-toner'
  | 'new-toner-soon'
  | 'check-folder'
  | 'install-again'
  | 'test-peripheral'
  | 'check-network-cable'
  | 'run-network-check'
  | 'ask-hall-running'
  | 'enter-code'
  | 'new-code'
  | 'choose-hall'
  | 'enrol-again'
  | 'stop-twin'
  | 'ask-hall-software'
  | 'send-again'
  | 'wait-for-hall'
  | 'run-clock-check'
  | 'set-clock'
  | 'change-battery'
  | 'make-room'
  | 'run-storage-check'
  | 'check-disk'
  | 'replace-disk'
  | 'restart'
  | 'raise-quota'
  | 'fill-hall'
  | 'new-certificate'
  | 'add-token'
  | 'mend-configuration'

/** Everything but a peripheral's own troubles, which are named `PERIPHERAL.REASON`. */
export type MatterId =
  | 'line.down'
  | 'hall.not-enrolled'
  | 'hall.code-refused'
  | 'hall.revoked'
  | 'hall.signature-refused'
  | 'hall.chain-fork'
  | 'hall.clone'
  | 'hall.three-set-aside'
  | 'hall.strange-answer'
  | 'records.set-aside'
  | 'records.waiting'
  | 'clock.implausible'
  | 'clock.off'
  | 'clock.not-measured'
  | 'storage.disk-full'
  | 'storage.quota-full'
  | 'storage.cannot-write'
  | 'storage.sync-failed'
  | 'storage.damaged'
  | 'storage.sync-had-failed'
  | 'storage.damage-found'
  | 'storage.disk-low'
  | 'storage.quota-low'
  | 'content.missing'
  | 'content.behind'
  | 'certificate.expired'
  | 'certificate.ending'
  | 'certificate.unreadable'
  | 'window.nobody-can-ask'
  | 'device.stopped'

export type TroubleId = MatterId | `${PeripheralName}.${FaultReason | Warning}`

export interface Trouble extends HealthFault {
  id: TroubleId
  /**
   * What it is a trouble of. Of one part there is one at a time: when the reason changes, the part has been out of work
   * since the first of them.
   */
  part: string
  /** As far as it is known; else when it is first seen. */
  since: string
  stops: StopCode[]
  todo: TodoCode[]
}

export type TroubleKind =
  | 'peripheral'
  | 'line'
  | 'hall'
  | 'records'
  | 'clock'
  | 'storage'
  | 'content'
  | 'certificate'
  | 'window'

/** What a device says of itself, as its program puts it together. */
import type { StatusReport } from '../../../sync/protocol/devices.ts'
import type { FaultDevice } from './pair.ts'

const BOOT_ID = '5f0c2d5e-8a56-4c07-9a39-64d4a80c8d6b'

export function statusReport({ outbox, client }: FaultDevice, bootId = BOOT_ID): StatusReport {
  const { count, oldestAt } = outbox.backlog()
  return {
    role: 'pad',
    software: '0.1.0',
    uptimeSeconds: 1,
    bootId,
    head: outbox.head(),
    peripherals: {},
    paper: null,
    backlog: count,
    oldestUnsentAt: oldestAt,
    clock: client.clock.state(),
    storage: { freeBytes: 1, totalBytes: 2 },
  }
}

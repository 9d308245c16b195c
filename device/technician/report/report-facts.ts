/** All that a readiness report rests on, as the technician's other rooms and the device itself tell it. */
import type { Head } from '../../../sync/protocol/identifiers.ts'
import type { DeviceState, HealthState, PeripheralsState } from '../../http/contract.ts'

export interface ReportFacts {
  device: Pick<DeviceState, 'name' | 'role' | 'window' | 'screen' | 'software' | 'runs' | 'since'> & {
    hall: Pick<DeviceState['hall'], 'url' | 'deviceId'>
  }
  peripherals: Omit<PeripheralsState['bound'][number], 'advice'>[]
  health: Pick<HealthState, 'faults' | 'checks'> & {
    backlog: Pick<HealthState['backlog'], 'count' | 'setAsideCount'>
  }
  /** Of the device's key (RFC 7638); null where there is none yet. */
  thumbprint: string | null
  /** The last event of the chain; null before the first. */
  head: Head | null
}
